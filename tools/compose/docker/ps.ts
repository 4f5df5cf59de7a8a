import { describeDuration } from '../duration.ts';
import { DockerCommandError } from '../errors.ts';
import type { ContainerState } from '../protocol.ts';
import { command, type Host } from './host.ts';
import { lastValue, type OptionTable, readOptions } from './options.ts';
import { fillTemplate, layOut } from './template.ts';

const OPTIONS: OptionTable = {
  flags: {
    ...{ '-a': 'all', '--all': 'all', '-q': 'quiet', '--quiet': 'quiet', '--services': 'services' },
    ...{ '--no-trunc': 'no-trunc', '--orphans': 'orphans' },
  },
  values: { '--status': 'status', '--filter': 'filter', '--format': 'format' },
};

/** `docker compose ps`. */
export async function ps(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, OPTIONS);
  const statuses = [
    ...(given.values.get('status') ?? []),
    ...(given.values.get('filter') ?? []).map(statusOf),
  ];
  const all = (await command(host, { ask: 'list', services: given.arguments })) as ContainerState[];
  const shown = all
    .filter(({ state }) =>
      statuses.length > 0 ? statuses.includes(state) : given.flags.has('all') || isUp(state),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const format = lastValue(given, 'format') ?? 'table';
  const print = (lines: string[]) => host.print(lines.map((line) => `${line}\n`).join(''));
  if (given.flags.has('quiet')) print(shown.map(({ id }) => id));
  else if (given.flags.has('services')) print(shown.map(({ service }) => service));
  else if (format === 'json') print(shown.map((each) => JSON.stringify(fieldsOf(each, host))));
  else if (format.startsWith('table')) host.print(tableOf(shown, format, host, given.flags.has('no-trunc')));
  else print(shown.map((each) => fillTemplate(format, fieldsOf(each, host))));
  return 0;
}

const isUp = (state: string) => state === 'running' || state === 'restarting';

function statusOf(filter: string): string {
  const [name, status] = filter.split('=');
  if (name === 'status' && status) return status;
  throw new DockerCommandError(`invalid filter "${filter}": only status=… is known`, 1);
}

function tableOf(shown: ContainerState[], format: string, host: Host, isWhole: boolean): string {
  const template = format.replace(/^table\s*/, '').replaceAll('\\t', '\t');
  const columns = template ? template.split('\t') : COLUMNS;
  const head = columns.map((column) =>
    column.replaceAll(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name) => headOf(name)),
  );
  const rows = shown.map((each) => {
    const fields = fieldsOf(each, host, isWhole ? Number.POSITIVE_INFINITY : 20);
    return columns.map((column) => fillTemplate(column, { ...fields, CreatedAt: fields.RunningFor }));
  });
  return layOut([head, ...rows]);
}

const COLUMNS = ['Name', 'Image', 'Command', 'Service', 'CreatedAt', 'Status', 'Ports'].map(
  (name) => `{{.${name}}}`,
);

const headOf = (name: string) =>
  name === 'CreatedAt' || name === 'RunningFor' ? 'CREATED' : name.toUpperCase();

/** What `--format json` prints of a container, and what templates may name. */
function fieldsOf(each: ContainerState, { layout }: Host, commandWidth = 20): Record<string, unknown> {
  const publishers = each.ports.map(({ host, container }) => ({
    ...{ URL: '127.0.0.1', TargetPort: container, PublishedPort: host, Protocol: 'tcp' },
  }));
  return {
    Command: JSON.stringify(shorten(each.command, commandWidth)),
    CreatedAt: `${each.createdAt.slice(0, 19).replace('T', ' ')} +0000 UTC`,
    ExitCode: each.exitCode,
    Health: each.health,
    ID: each.id.slice(0, 12),
    Image: each.image,
    Labels: `com.docker.compose.project=${layout.id},com.docker.compose.service=${each.service}`,
    Name: each.name,
    Names: each.name,
    Networks: `${layout.id}_default`,
    Ports: isUp(each.state)
      ? publishers.map((port) => `${port.URL}:${port.PublishedPort}->${port.TargetPort}/tcp`).join(', ')
      : '',
    Project: layout.id,
    Publishers: isUp(each.state) ? publishers : null,
    RunningFor: `${ago(each.createdAt)} ago`,
    Service: each.service,
    Size: '0B',
    State: each.state,
    Status: statusText(each),
  };
}

const ago = (time: string) => describeDuration(Date.now() - Date.parse(time));

const shorten = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

function statusText({ state, health, exitCode, startedAt, finishedAt }: ContainerState): string {
  if (state === 'created') return 'Created';
  if (state === 'exited') return `Exited (${exitCode}) ${ago(finishedAt)} ago`;
  if (state === 'restarting') return `Restarting (${exitCode}) ${ago(finishedAt)} ago`;
  const note = health === 'starting' ? ' (health: starting)' : health && ` (${health})`;
  return `Up ${ago(startedAt)}${note}`;
}
