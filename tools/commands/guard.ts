import type { DatabaseLogin } from '../host/database.ts';
import type { RunRequest } from '../host/executor.ts';
import type { Host } from '../host/host.ts';
import { Interrupted, orInterrupted } from '../host/interruption.ts';
import { keepTrying } from '../host/keep-trying.ts';
import type { Lock } from '../host/lock.ts';
import { differenceOf, type Identity } from '../outcome/identity.ts';
import { CannotRun } from '../outcome/output.ts';

/** What a real run is bound to, and how it is proved. */
export interface Bond {
  host: Host;
  login: DatabaseLogin;
  identity: Identity;
  lock: Lock;
  /** Tells the person. */
  say(line: string): void;
}

/**
 * Lets a block pass where the lock is held and, before one that writes or destroys or that is gone on with, where the
 * machine, the directory and the database are still those that the run is bound to, all asked anew. Throws CannotRun
 * that says why not, with both sides.
 */
export async function guardBlock(bond: Bond, { block, begun, signal }: RunRequest): Promise<void> {
  try {
    await bond.lock.hold(bond.say, signal);
    if (block.effect === 'reads' && !begun) return;
    await orInterrupted(requireSame(bond, signal), signal, 'looking where the block would run');
  } catch (error) {
    if (!(error instanceof CannotRun || error instanceof Interrupted)) throw error;
    const why = error instanceof Interrupted ? `interrupted while ${error.doing}` : error.message;
    throw new CannotRun(`${why}; ${begun ? 'it is not gone on with' : 'nothing of it was run'}`);
  }
}

/** A link that breaks while it is asked is made anew, as it is under a block. */
async function requireSame({ host, login, identity, say }: Bond, signal: AbortSignal): Promise<void> {
  const found = await keepTrying(() => host.identity(login), signal, say);
  const difference = differenceOf(identity, found);
  if (difference)
    throw new CannotRun(`${host.name} is not what this run is bound to any more: ${difference}`);
}
