import { ReplicaError } from '../replica.ts';

/** The end of a message about an engine that the other kind of replica has no need of. */
export const OR_EMBEDDED = ', or use --replica embedded';

interface Failure {
  /** Any of these stands in what the docker command said. */
  patterns: RegExp[];
  /** What it means. */
  means: string;
  /** What to do. */
  remedy: string;
}

/** The first that matches counts. */
const FAILURES: Failure[] = [
  {
    patterns: [/permission denied while trying to connect/i],
    means: 'the Docker engine refuses this user',
    remedy: `join the group “docker” and log in again${OR_EMBEDDED}`,
  },
  {
    patterns: [
      /cannot connect to the docker daemon/i,
      /error during connect/i,
      /failed to connect to the docker/i,
    ],
    means: 'no Docker engine answers',
    remedy: `start it${OR_EMBEDDED}`,
  },
  {
    patterns: [/context "[^"]*": context not found/i, /unable to resolve docker endpoint/i],
    means: 'the Docker context is not there',
    remedy: `name one of “docker context ls” in DOCKER_CONTEXT, or take it out${OR_EMBEDDED}`,
  },
  {
    patterns: [/'compose' is not a docker command/i, /unknown (shorthand )?flag: /i],
    means: 'the docker command has no Compose plugin, or a very old one',
    remedy: `install docker-compose-plugin${OR_EMBEDDED}`,
  },
  {
    patterns: [/no space left on device/i],
    means: 'the Docker engine’s disk is full',
    remedy: 'free some of it; “docker system df” says what takes it',
  },
  {
    patterns: [/port is already allocated/i, /address already in use/i, /ports are not available/i],
    means: 'a port of the replica is taken',
    remedy: 'end what listens there, or rehearse again',
  },
  {
    patterns: [
      ...[/lookup \S+ on/i, /no such host/i, /network is unreachable/i, /connection refused/i],
      ...[/TLS handshake/i, /i\/o timeout/i, /request canceled/i, /deadline exceeded/i],
    ],
    means: 'an image is missing and its registry cannot be reached',
    remedy: 'connect, or bring the image with “docker load”',
  },
  {
    patterns: [
      /manifest unknown/i,
      /pull access denied/i,
      /repository does not exist/i,
      /manifest for \S+ not found/i,
    ],
    means: 'an image does not exist',
    remedy: 'correct its name in compose.yaml, or log in to its registry',
  },
];

/** What a docker command said, as a ReplicaError that tells what to do; `command` is what was tried. */
export function explainFailure(command: string, said: string): ReplicaError {
  const lines = said.split('\n').map((line) => line.trim());
  for (const { patterns, means, remedy } of FAILURES) {
    const line = lines.find((each) => patterns.some((pattern) => pattern.test(each)));
    if (line !== undefined) return new ReplicaError(`${means}: ${remedy} (${command}: ${line})`);
  }
  const last = lines.filter((line) => line !== '').slice(-20);
  return new ReplicaError(`${command} failed:\n${last.join('\n') || 'it said nothing'}`);
}
