import type { Duplex } from 'node:stream';
import type { Identity } from '../outcome/identity.ts';
import { CannotRun } from '../outcome/output.ts';
import { systemIdentifier } from './cluster.ts';
import { closeClient, connectClient, type DatabaseLogin, MAINTENANCE } from './database.ts';
import { newMark } from './noise.ts';
import { printedBy } from './printed.ts';
import type { Start } from './start.ts';
import { within } from './within.ts';

/**
 * What the machine says of itself, between two lines with the nonce: a login may print anything before, and the name of
 * a directory may have more than one line.
 */
const SCRIPT = `
printf '%s\\n' "$1"
uname -n
machine=
for file in /etc/machine-id /var/lib/dbus/machine-id; do
  [ -n "$machine" ] || { [ -r "$file" ] && read -r machine < "$file"; }
done
printf '%s\\n' "$machine"
pwd -P
printf '%s\\n' "$1"
`;

/**
 * What a run on a machine is bound to, asked now: one program there, and one query over a connection of its own, to the
 * database `postgres`, as the login's own may be in the middle of a swap. `name` is for messages. Throws CannotRun where
 * either gives no answer.
 */
export async function identify(
  name: string,
  start: Start,
  connect: (service: string) => Duplex,
  login: DatabaseLogin | null,
): Promise<Identity> {
  const [machine, system_identifier] = await Promise.all([
    machineOf(name, start),
    login ? within(`the server on ${name}`, (signal) => clusterOf(connect, login, signal)) : null,
  ]);
  return { ...machine, system_identifier, database: login?.name ?? null };
}

type Machine = Pick<Identity, 'host' | 'machine_id' | 'directory'>;

async function machineOf(name: string, start: Start): Promise<Machine> {
  const nonce = newMark();
  const printed = await within(name, (signal) => printedBy(start, ['sh', '-c', SCRIPT, 'sh', nonce], signal));
  const [, said] = printed.stdout.split(`${nonce}\n`);
  const [, host, machine, directory] = /^(.*)\n(.*)\n([\s\S]*)\n$/.exec(said ?? '') ?? [];
  if (host === undefined || directory === undefined)
    throw new CannotRun(`${name} does not say which machine it is: ${printed.stderr.trim()}`);
  return { host, machine_id: machine || null, directory };
}

async function clusterOf(
  connect: (service: string) => Duplex,
  login: DatabaseLogin,
  signal: AbortSignal,
): Promise<string | null> {
  const database = { ...login, name: MAINTENANCE, cluster: undefined };
  const client = await connectClient(() => connect(login.service), database, { signal });
  try {
    return await systemIdentifier(client);
  } finally {
    await closeClient(client);
  }
}
