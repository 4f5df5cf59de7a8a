import { ReplicaError } from '../replica.ts';

interface Failure {
  /** In what the docker command said. */
  pattern: RegExp;
  /** What it means and what to do; `said` is the command and the line that matched. */
  message: (said: string) => string;
}

/** The first that matches counts. */
const FAILURES: Failure[] = [
  {
    pattern: /permission denied while trying to connect/i,
    message: () =>
      'the Docker engine refuses this user: join the group `docker` and log in again, or use --replica embedded',
  },
  {
    pattern:
      /cannot connect to the docker daemon|error during connect|is the docker daemon running|failed to connect to the docker api/i,
    message: (said) => `no Docker engine answers: start it, or use --replica embedded (${said})`,
  },
  {
    pattern: /'compose' is not a docker command|unknown (shorthand )?flag: '?(p|d|-|progress)/i,
    message: () =>
      'the docker command has no `compose`: install the Compose plugin (docker-compose-plugin), or use --replica embedded',
  },
  {
    pattern: /no space left on device/i,
    message: (said) =>
      `the Docker engine’s disk is full: free some of it (\`docker system df\` says what takes it) (${said})`,
  },
  {
    pattern: /port is already allocated|address already in use|ports are not available/i,
    message: (said) => `a port of the replica is taken: end what listens there, or rehearse again (${said})`,
  },
  {
    pattern:
      /lookup registry|no such host|i\/o timeout|connection refused|TLS handshake|request canceled|network is unreachable|deadline exceeded/i,
    message: (said) =>
      `an image is missing and its registry cannot be reached: load it (\`docker load\`) or connect (${said})`,
  },
  {
    pattern:
      /manifest unknown|manifest for .* not found|pull access denied|repository does not exist|not found: manifest/i,
    message: (said) =>
      `an image does not exist: correct its name in compose.yaml, or log in to its registry (${said})`,
  },
];

/** What a docker command said, as a ReplicaError that tells what to do; `doing` names what was tried. */
export function explainFailure(doing: string, said: string): ReplicaError {
  const lines = said.split('\n').map((line) => line.trim());
  for (const { pattern, message } of FAILURES) {
    const line = lines.find((each) => pattern.test(each));
    if (line !== undefined) return new ReplicaError(message(`${doing}: ${line}`));
  }
  const last = lines.filter((line) => line !== '').slice(-20);
  return new ReplicaError(`${doing} failed:\n${last.join('\n') || 'and said nothing'}`);
}
