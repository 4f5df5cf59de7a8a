import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/tmp.ts';
import { toolArguments } from '../support/tool.ts';

const COMPOSE = `services:
  postgres:
    image: postgres:14
    environment: { POSTGRES_USER: crosshot, POSTGRES_DB: crosshot, POSTGRES_HOST_AUTH_METHOD: trust }
    healthcheck: { test: [CMD-SHELL, pg_isready -U crosshot], interval: 1s, retries: 60 }
`;

const FRONT_MATTER = `---
database: { service: postgres, user: crosshot, name: crosshot }
replica: { stack: stack }
---

# A backend that is stopped
`;

/** A block that sleeps, and one beside it that stops its backend and says so in a file. */
const blocks = (attributes: string, file: string) => `
## Step 1: Sleep

\`\`\`sh { name=stop on=postgres background=true }
find='SELECT pid FROM pg_stat_activity WHERE query LIKE $$%pg_sleep(1000)%$$ AND pid <> pg_backend_pid()'
pid=
until [ -n "$pid" ]; do pid=$(psql -h 127.0.0.1 -U crosshot -d crosshot -Atc "$find"); sleep 0.1; done
kill -STOP "$pid"
echo "$pid" >${file}
\`\`\`

\`\`\`sql { name=sleep ${attributes} }
SELECT pg_sleep(1000)
\`\`\`

**Expected output:** 1 row
`;

interface Rehearsal {
  status: number | null;
  output: string;
}

/** Rehearses them by the command; once the backend is stopped, `then` is done to the command's process. */
async function rehearse(attributes: string, then: (child: ChildProcess) => void): Promise<Rehearsal> {
  const directory = await temporaryDirectory();
  // What runs in the service's container is another user there.
  await chmod(directory, 0o777);
  const [document, stopped] = [join(directory, 'runbook.md'), join(directory, 'stopped')];
  await mkdir(join(directory, 'stack'));
  await writeFile(join(directory, 'stack', 'compose.yaml'), COMPOSE);
  await writeFile(document, FRONT_MATTER + blocks(attributes, stopped));
  const argv = toolArguments('--runbook', document, 'rehearse', '--replica', 'embedded');
  const child = spawn(process.execPath, argv);
  const watcher = watch(directory, (_, name) => {
    if (name !== 'stopped') return;
    watcher.close();
    then(child);
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  watcher.close();
  return { status, output };
}

/** A server with a stopped backend takes its time to stop. */
const PATIENTLY = 180_000;

it(
  'a block whose backend is stopped has failed when its time is over',
  async () => {
    const { status, output } = await rehearse('timeout=5s', () => undefined);
    expect(output).toContain('not done within its timeout of 5 s');
    expect(status).toBe(1);
  },
  PATIENTLY,
);

it(
  'a block whose backend is stopped is left when the run is interrupted',
  async () => {
    const { status, output } = await rehearse('', (child) => child.kill('SIGINT'));
    expect(output).toContain('aborted: interrupted');
    expect(status).toBe(130);
  },
  PATIENTLY,
);
