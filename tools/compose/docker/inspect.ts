import { DockerCommandError } from '../errors.ts';
import type { ContainerState } from '../protocol.ts';
import { command, type Host } from './host.ts';
import { lastValue, readOptions } from './options.ts';
import { fillTemplate, layOut } from './template.ts';

/** What the embedded replica says it is where a version is asked for: the compose release it behaves like. */
const VERSION = '2.26.1';

/** `docker compose version`. */
export async function version(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: { '--short': 'short' },
    values: { '-f': 'format', '--format': 'format' },
  });
  const text = given.flags.has('short') ? VERSION : `Docker Compose version ${VERSION} (embedded replica)`;
  host.print(`${lastValue(given, 'format') === 'json' ? JSON.stringify({ version: VERSION }) : text}\n`);
  return 0;
}

/** `docker compose config --services` and `config --quiet`; the engine has read the file to answer. */
export async function config(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, {
    flags: { '--services': 'services', '-q': 'quiet', '--quiet': 'quiet' },
    values: {},
  });
  const services = (await command(host, { ask: 'services' })) as string[];
  if (given.flags.has('quiet')) return 0;
  if (!given.flags.has('services'))
    throw new DockerCommandError('only config --services and --quiet are known here', 16);
  host.print(services.map((service) => `${service}\n`).join(''));
  return 0;
}

/** `docker compose images`: the names alone, for there are no images. */
export async function images(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, { flags: {}, values: {} });
  const containers = (await command(host, { ask: 'list', services: given.arguments })) as ContainerState[];
  const rows = containers.map(({ name, image, id }) => {
    const [repository = '', tag = 'latest'] = image.split(':');
    return [name, repository, tag, id.slice(0, 12), '0B'];
  });
  host.print(layOut([['CONTAINER', 'REPOSITORY', 'TAG', 'IMAGE ID', 'SIZE'], ...rows]));
  return 0;
}

/** `docker compose pull` and `build`: there is nothing to fetch or to build. */
export async function nothingToDo(host: Host): Promise<number> {
  host.say('nothing to do: the embedded replica has no images');
  return 0;
}

/** `docker compose port SERVICE PORT`. */
export async function port(host: Host, words: string[]): Promise<number> {
  const [service, wanted] = readOptions(words, { flags: {}, values: {} }).arguments;
  if (!service || !wanted) throw new DockerCommandError('requires 2 arg(s): SERVICE PRIVATE_PORT', 1);
  const [container] = (await command(host, { ask: 'list', services: [service] })) as ContainerState[];
  const published = container?.ports.find((each) => String(each.container) === wanted);
  if (!published)
    throw new DockerCommandError(`no port ${wanted}/tcp for container ${container?.name ?? service}`, 1);
  host.print(`127.0.0.1:${published.host}\n`);
  return 0;
}

/** `docker version` and `docker info`: an engine answers, if it does. */
export async function engineVersion(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, { flags: {}, values: { '-f': 'format', '--format': 'format' } });
  await command(host, { ask: 'services' });
  const format = lastValue(given, 'format')?.replaceAll(/\.(Server|Client)\./g, '.');
  const text =
    format === undefined
      ? `Embedded replica, behaving like Docker Compose ${VERSION}`
      : fillTemplate(format, { Version: VERSION, ServerVersion: VERSION });
  host.print(`${text}\n`);
  return 0;
}
