import { delimiter } from 'node:path';
import which from 'which';

/** Where OpenSSH's server is, or null: it is in a directory that only root's PATH has. */
export const findSshd = (): string | null =>
  which.sync('sshd', {
    path: [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter),
    nothrow: true,
  });
