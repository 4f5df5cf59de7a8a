import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'vitest';
import { expectGolden } from '../support/golden.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

/** What a machine says that has everything. */
const ALL = {
  bash: 'GNU bash, version 5.2.15(1)-release',
  curl: 'curl 8.5.0 (x86_64-pc-linux-gnu)',
  'redis-server': 'Redis server v=7.0.15 sha=00000000:0',
  psql: 'psql (PostgreSQL) 16.4',
  pg_dump: 'pg_dump (PostgreSQL) 16.4',
  pg_restore: 'pg_restore (PostgreSQL) 16.4',
  ssh: 'OpenSSH_9.6p1, OpenSSL 3.0.13',
  sshd: 'OpenSSH_9.6p1, OpenSSL 3.0.13',
  docker: '27.1.1',
  busybox: 'BusyBox v1.36.1 multi-call binary.',
  chromium: 'Chromium 126.0.6478.126',
};

/** What doctor says of a machine with these programs alone, each of which prints its version. */
async function doctorOf(programs: Record<string, string>, ...options: string[]) {
  const bin = join(await temporaryDirectory(), 'bin');
  await mkdir(bin);
  for (const [name, version] of Object.entries(programs))
    await writeFile(join(bin, name), `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
  const environment = { PATH: bin, CHROMIUM: join(bin, 'chromium') };
  const { exitCode, stdout, stderr } = await startTool(['doctor', ...options], { environment });
  return { exitCode, stdout: stdout.replaceAll(POSTGRES_VERSION, '$1<version>'), stderr };
}

/** Debian's own programs of PostgreSQL are preferred to those of the PATH: their versions are this machine's. */
const POSTGRES_VERSION = /((?:psql|pg_dump|pg_restore) +)\d+\.\d+/g;

it('tells the versions of a machine that has everything, and passes', async () => {
  await expectGolden('golden/doctor-all.txt', await doctorOf(ALL));
});

it('tells what each lack forbids; what no rehearsal takes ends with 0', async () => {
  const { docker: _, chromium: __, ...some } = ALL;
  await expectGolden('golden/doctor-some.txt', await doctorOf(some));
});

it('ends with 3 where a rehearsal cannot do without; what is too old is missing, too', async () => {
  const { curl: _, ...some } = { ...ALL, docker: '19.03.8' };
  await expectGolden('golden/doctor-lacking.txt', await doctorOf(some));
});

it('--rehearsal says nothing where all that it takes is there', async () => {
  const { docker: _, chromium: __, ...some } = ALL;
  await expectGolden('golden/doctor-rehearsal.txt', await doctorOf(some, '--rehearsal'));
});

it('--rehearsal says what it cannot install, and what to do, where nothing here can install', async () => {
  const { curl: _, ...some } = ALL;
  await expectGolden('golden/doctor-rehearsal-lacking.txt', await doctorOf(some, '--rehearsal'));
});
