import { type Host, makeHost } from './host.ts';

/** The words that run a command inside a service's container, in the directory of the compose project. */
const composeExec = (service: string, argv: string[]): string[] => [
  ...['docker', 'compose', 'exec', '-T', service],
  ...argv,
];

/** The inside of the container of a service on `host`. It is only as open as the host is, so there is nothing to close. */
export function containerHost(host: Pick<Host, 'start' | 'typed'>, service: string): Host {
  return makeHost({
    name: `service ${service}`,
    start: (argv) => host.start(composeExec(service, argv)),
    typed: (argv) => host.typed(composeExec(service, argv)),
    inside(other) {
      throw new Error(`service ${service} is a container, and ${other} is none of its services`);
    },
  });
}
