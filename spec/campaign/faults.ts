import type { Night, Operator } from './night.ts';

/** A way to disturb a run. */
export interface Fault {
  name: string;
  /** Whether what runs on the host is ended with it: a block may then rightly begin again, once that is decided. */
  endsBlocks: boolean;
  strike(night: Night, operator: Operator): Promise<void> | void;
}

export const FAULTS: readonly Fault[] = [
  { name: 'the tool is killed', endsBlocks: false, strike: (_, operator) => operator.kill() },
  { name: 'ssh is killed', endsBlocks: false, strike: (night) => night.killSsh() },
  { name: 'the server’s side is killed', endsBlocks: false, strike: (night) => night.killSessions() },
  { name: 'the link is silent', endsBlocks: false, strike: (night) => night.proxy.silence() },
  { name: 'the link is cut', endsBlocks: false, strike: (night) => night.proxy.cut() },
  { name: 'postgres restarts', endsBlocks: true, strike: (night) => night.restart('postgres') },
  { name: 'the host goes down', endsBlocks: true, strike: (night) => night.crash() },
];
