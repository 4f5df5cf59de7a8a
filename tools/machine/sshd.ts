import { delimiter } from 'node:path';
import { findProgram } from '../compose/find-program.ts';

/** Where OpenSSH's server is, or null: it is in a directory that only root's PATH has. */
export const findSshd = (): string | null =>
  findProgram('sshd', [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter));
