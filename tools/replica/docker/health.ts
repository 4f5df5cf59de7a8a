import { setTimeout as wait } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { ReplicaError } from '../replica.ts';
import { type DockerOptions, docker } from './docker.ts';

/** What is asked about, and how. */
export interface Watched extends DockerOptions {
  /** The services that are waited for; where none is named, all of them. */
  services: string[];
  /** The service whose server clients must reach; null where there is none. */
  database: string | null;
}

/** As `docker inspect` prints it. */
interface Container {
  Id: string;
  State: {
    Status: string;
    StartedAt: string;
    ExitCode: number;
    Health?: { Status: string; Log?: { Output: string }[] | null };
  };
  RestartCount: number;
  Config: { Labels: Record<string, string> };
}

/** A service that starts again and again is given up after this many times: by then the engine has paused for 25 s. */
const MOST_RESTARTS = 8;

/** Between two looks. Nothing tells that a program will not fail at its start: it has that long to, as Compose gives it. */
const LOOK_MS = 500;

/**
 * Waits until every container of the services is healthy or, without a health check, runs or has done its work, and the
 * database answers. Compose’s own waiting takes a container that has done its work for one that has failed.
 * Throws ReplicaError as soon as one has failed, and where the signal aborts.
 */
export async function untilWell(watched: Watched): Promise<void> {
  const ids = await idsOf(watched.services, watched);
  for (let before = ''; ; ) {
    const containers = await inspect(ids, watched);
    const failed = containers.find(hasFailed);
    if (failed) throw new ReplicaError(`${serviceOf(failed)} is ${stateOf(failed)}`);
    const starts = startsOf(containers);
    if (starts === before && (await illOf(containers, watched)).length === 0) return;
    before = starts;
    await wait(LOOK_MS, undefined, { signal: watched.signal });
  }
}

/** When the programs began that nothing checks: they count as running where a second look sees the same ones. */
const startsOf = (containers: Container[]): string =>
  containers
    .filter((each) => isWell(each) && healthOf(each) === 'none')
    .map(({ Id, State }) => `${Id} ${State.StartedAt}`)
    .join();

/** What the services that are not well said last: their log, and what their health check printed. */
export async function lastWords(watched: Watched): Promise<string> {
  const containers = await inspect(await idsOf([], watched), watched);
  const ill = await illOf(containers.filter(hasStarted), watched);
  const texts = await Promise.all(ill.map((container) => describe(container, watched)));
  return texts.join('\n');
}

/** What never started has nothing to say: another service, or its port, kept it from starting. */
const hasStarted = ({ State }: Container) => State.Status !== 'created';

/** Without a health check, also where the compose file disables that of the image. */
const healthOf = ({ State }: Container): string => State.Health?.Status ?? 'none';

const isWell = (container: Container) =>
  container.State.Status === 'running' && ['none', 'healthy'].includes(healthOf(container));

const isDone = (container: Container) =>
  container.State.Status === 'exited' && container.State.ExitCode === 0 && healthOf(container) === 'none';

const hasEnded = ({ State }: Container) => ['exited', 'dead'].includes(State.Status);

const isGivenUp = ({ RestartCount }: Container) => RestartCount >= MOST_RESTARTS;

const hasFailed = (container: Container) =>
  !isDone(container) && (hasEnded(container) || isGivenUp(container) || healthOf(container) === 'unhealthy');

/** Those that are neither well nor done. */
async function illOf(containers: Container[], watched: Watched): Promise<Container[]> {
  const areIll = await Promise.all(
    containers.map(async (each) => {
      if (isDone(each)) return false;
      if (!isWell(each) || isGivenUp(each)) return true;
      return serviceOf(each) === watched.database && !(await answers(each, watched));
    }),
  );
  return containers.filter((_, index) => areIll[index]);
}

/**
 * As the tool itself will, over TCP: while the image initialises the database, its server answers on the socket alone,
 * which is where most health checks ask. An image without the program that asks is taken as it is.
 */
export const ASK = 'command -v pg_isready >/dev/null || exit 0; exec pg_isready -q -h 127.0.0.1 -p 5432';

const answers = ({ Id }: Container, { signal }: Watched): Promise<boolean> =>
  docker(['exec', Id, 'sh', '-c', ASK], { signal }).then(
    () => true,
    () => false,
  );

async function idsOf(services: string[], options: DockerOptions): Promise<string[]> {
  const ids = await docker(['compose', 'ps', '--all', '--quiet', ...services], options);
  return ids.split('\n').filter(Boolean);
}

async function inspect(ids: string[], { signal }: DockerOptions): Promise<Container[]> {
  return ids.length === 0 ? [] : (JSON.parse(await docker(['inspect', ...ids], { signal })) as Container[]);
}

const serviceOf = ({ Config }: Container): string => Config.Labels['com.docker.compose.service'] ?? '';

function stateOf(container: Container): string {
  const { Status, ExitCode } = container.State;
  if (isGivenUp(container)) return `started again and again, ${container.RestartCount} times`;
  if (Status !== 'running') return `${Status}, exit status ${ExitCode}`;
  return isWell(container) ? 'running, and does not answer' : healthOf(container);
}

async function describe(container: Container, { environment = {} }: Watched): Promise<string> {
  const service = serviceOf(container);
  const logs = ['logs', '--no-color', '--no-log-prefix', '--tail=15', service];
  // Compose clears the line before each, whatever it is told of colours.
  const log = stripVTControlCharacters(await docker(['compose', ...logs], { environment }));
  const checked = container.State.Health?.Log?.at(-1)?.Output.trim();
  const lines = [...log.trim().split('\n'), ...(checked ? [`health check: ${checked}`] : [])];
  return [`${service} is ${stateOf(container)}; its last lines:`, ...lines.map((line) => `  ${line}`)].join(
    '\n',
  );
}
