import { type DockerOptions, docker } from './docker.ts';

interface Row {
  ID: string;
  Service: string;
  State: string;
  Health: string;
  ExitCode: number;
}

/** What the services that are not well said last: their log, and what their health check printed. */
export async function lastWords(options: DockerOptions): Promise<string> {
  const rows = await docker(['compose', 'ps', '--all', '--format', 'json'], options);
  const ill = readRows(rows).filter(isIll);
  const texts = await Promise.all(ill.map((row) => describe(row, options)));
  return texts.join('\n');
}

/** What never started has nothing to say: another service, or its port, kept it from starting. */
const isIll = ({ State, Health }: Row) =>
  State === 'running' ? !['', 'healthy'].includes(Health) : State !== 'created';

/** Compose prints an array, or since 2.21 an object a line. */
function readRows(text: string): Row[] {
  if (text.startsWith('[')) return JSON.parse(text) as Row[];
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);
}

async function describe(
  { ID, Service, State, Health, ExitCode }: Row,
  options: DockerOptions,
): Promise<string> {
  const log = await docker(
    ['compose', 'logs', '--no-color', '--no-log-prefix', '--tail=15', Service],
    options,
  );
  const checks = await docker(['inspect', '--format', '{{json .State.Health}}', ID]);
  const health = JSON.parse(checks) as { Log?: { Output: string }[] } | null;
  const checked = health?.Log?.at(-1)?.Output.trim();
  const state = State === 'running' ? Health : `${State}, exit status ${ExitCode}`;
  const lines = [...log.trim().split('\n'), ...(checked ? [`health check: ${checked}`] : [])];
  return [`${Service} is ${state}; its last lines:`, ...lines.map((line) => `  ${line}`)].join('\n');
}
