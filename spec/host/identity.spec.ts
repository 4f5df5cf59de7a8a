import { spawn } from 'node:child_process';
import { mkdir, realpath, symlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { connectClient } from '../../tools/host/database.ts';
import { makeHost } from '../../tools/host/host.ts';
import { localHost } from '../../tools/host/local.ts';
import { temporaryDirectory } from '../support/tmp.ts';

const login = { service: 'postgres', user: 'crosshot', name: 'no-such-database' };
const open = () => connect(join(inject('postgresSocketDirectory'), '.s.PGSQL.5432'));

it('the machine, the real path and the cluster are told, also where the login’s database is not there', async () => {
  const home = await realpath(await temporaryDirectory());
  const real = join(home, 'a\nb $(c)');
  await mkdir(real);
  await symlink(real, join(home, 'link'));
  const identity = await localHost({ directory: join(home, 'link'), connect: open }).identity(login);
  expect(identity).toEqual({
    host: hostname(),
    machine_id: identity.machine_id,
    directory: real,
    system_identifier: expect.stringMatching(/^\d{15,}$/),
    database: 'no-such-database',
  });
});

it('what a login prints before is let go, and without a database no server is asked', async () => {
  const noisy = makeHost({
    name: 'noisy',
    start: (argv) => spawn('sh', ['-c', 'echo Welcome; echo to; exec "$@"', 'sh', ...argv], { cwd: '/' }),
    inside: () => noisy,
  });
  expect(await noisy.identity(null)).toMatchObject({
    host: hostname(),
    directory: '/',
    system_identifier: null,
    database: null,
  });
});

it('a host that says nothing of itself cannot be run on', async () => {
  const mute = makeHost({
    name: 'mute',
    start: () => spawn('sh', ['-c', 'echo This account is not available. >&2; exit 1']),
    inside: () => mute,
  });
  await expect(mute.identity(null)).rejects.toThrow(
    'mute does not say which machine it is: This account is not available.',
  );
});

it('a connection to another cluster than the one that was named is refused, with both', async () => {
  const elsewhere = { ...login, name: 'postgres', cluster: '7312000000000000000' };
  await expect(connectClient(open, elsewhere)).rejects.toThrow(
    /the server is another one now: it was cluster 7312000000000000000, and is now \d+$/,
  );
});
