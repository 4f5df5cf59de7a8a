import { randomInt } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CannotRun } from '../../tools/outcome/output.ts';
import type { RunRequest } from '../../tools/target/target.ts';
import { describeWith } from '../support/requires.ts';
import { runShellFence, runSqlFence } from './contract/blocks.ts';
import { KINDS, type Opened } from './contract/targets.ts';

const MB = 1024 * 1024;

/** What `on=` may say, and a directory that each place has. */
const PLACES = ['local', 'nas', 'redis'];

for (const kind of KINDS) {
  describeWith(kind.needs, kind.name, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await kind.open();
    }, 240_000);
    afterAll(() => opened?.close());

    const sh = (on: string, text: string, more?: Partial<RunRequest>, attributes = '') =>
      runShellFence(opened.target, `sh { on=${on} ${attributes} }`, text, more);
    const sql = (text: string, more?: Partial<RunRequest>, attributes = '') =>
      runSqlFence(opened.target, `sql { on=postgres ${attributes} }`, text, more);

    describe.each(PLACES)('on=%s', (on) => {
      it('gives both streams and the exit status', async () => {
        expect(await sh(on, 'echo out; echo err >&2; exit 37')).toMatchObject({
          exitCode: 37,
          timedOut: false,
          stdout: { text: 'out\n' },
          stderr: { text: 'err\n' },
        });
      });

      it('stops at the first failure and names its line of the runbook', async () => {
        const { exitCode, stdout, stderr } = await sh(on, 'true\nno-such-command\necho on');
        expect({ exitCode, stdout: stdout.text }).toEqual({ exitCode: 127, stdout: '' });
        expect(stderr.text).toContain('runbook.md: line 5: no-such-command');
      });

      it('sees the variables that it is given, and says what it exports', async () => {
        const text = 'echo "$GREETING / $EARLIER"; export BACKUP="a b\'c\n$EARLIER" QUIET=; hidden=x';
        const { stdout, exports } = await sh(on, text, { variables: { EARLIER: 'über "alles" $HOME' } });
        expect(stdout.text).toBe('from the front matter / über "alles" $HOME\n');
        expect(exports).toEqual({ BACKUP: 'a b\'c\nüber "alles" $HOME', QUIET: '' });
      });

      it('runs where cwd says', async () => {
        expect((await sh(on, 'pwd', {}, 'cwd=/usr')).stdout.text).toBe('/usr\n');
      });

      it('is not swallowed by a command that reads standard input', async () => {
        expect((await sh(on, 'cat\necho after')).stdout.text).toBe('after\n');
      });

      it('keeps binary output as it is', async () => {
        expect((await sh(on, "printf '\\000\\377\\200\\n'")).stdout.bytes).toBe(4);
      });

      it('gives 100 MB without keeping them', async () => {
        const before = process.memoryUsage().rss;
        const { stdout } = await sh(on, `head -c ${100 * MB} /dev/zero`);
        expect(stdout).toMatchObject({ bytes: 100 * MB, truncated: true });
        expect(process.memoryUsage().rss - before).toBeLessThan(80 * MB);
      });

      it('ends what runs there when time runs out', async () => {
        const seconds = randomInt(100_000, 1_000_000);
        const output = await sh(on, `echo begun; sleep ${seconds} & sleep ${seconds}`, {}, 'timeout=1s');
        expect(output).toMatchObject({ timedOut: true, stdout: { text: 'begun\n' } });
        expect(await countProcesses(on, `sleep ${seconds}`)).toBe(0);
      });

      it('ends what runs there when the run is interrupted', async () => {
        const seconds = randomInt(100_000, 1_000_000);
        const controller = new AbortController();
        const output = await sh(on, `echo begun; sleep ${seconds}`, {
          onLine: () => controller.abort(),
          signal: controller.signal,
        });
        expect(output.timedOut).toBe(false);
        expect(output.exitCode).not.toBe(0);
        expect(await countProcesses(on, `sleep ${seconds}`)).toBe(0);
      });
    });

    /** By /proc, as slim images have no ps. Of what bash runs, `exec -a` hides the searcher itself. */
    async function countProcesses(on: string, command: string): Promise<number> {
      const [first = '', ...rest] = command;
      const text = `for file in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <"$file" 2>/dev/null && echo; done | grep -c '[${first}]${rest.join('')}' || true`;
      return Number((await sh(on, text)).stdout.text);
    }

    it('begins blocks on=nas in the project directory and on=local beside the runbook', async () => {
      expect((await sh('nas', 'pwd -P')).stdout.text).toBe(`${opened.projectDirectory}\n`);
      expect((await sh('local', 'pwd -P')).stdout.text).toBe(`${opened.localDirectory}\n`);
      expect((await sh('nas', 'ls compose.yaml')).stdout.text).toBe('compose.yaml\n');
    });

    describe('docker compose in a block', () => {
      it('exec gives the streams and the exit status', async () => {
        const text = "docker compose exec -T redis sh -c 'echo out; echo err >&2; exit 9'";
        expect(await sh('nas', text)).toMatchObject({
          exitCode: 9,
          stdout: { text: 'out\n' },
          stderr: { text: 'err\n' },
        });
      });

      it('exec passes standard input on, and without one does not wait', async () => {
        const text = [
          `head -c ${10 * MB} /dev/zero | docker compose exec -T redis sh -c 'wc -c'`,
          'docker compose exec -T redis cat',
          'docker compose exec -T redis cat <<END',
          'here',
          'END',
        ].join('\n');
        expect((await sh('nas', text)).stdout.text.replace(/ +/g, '')).toBe(`${10 * MB}\nhere\n`);
      });

      it('exec keeps bytes as they are', async () => {
        const text = 'docker compose exec -T redis sh -c \'printf "\\000\\377\\r\\n"\' | od -An -tx1';
        expect((await sh('nas', text)).stdout.text).toBe(' 00 ff 0d 0a\n');
      });

      it('exec sets variables and the directory', async () => {
        const text = "docker compose exec -T -e COLOUR=blue -w /tmp redis sh -c 'echo $COLOUR; pwd'";
        expect((await sh('nas', text)).stdout.text).toBe('blue\n/tmp\n');
      });

      it('run --rm runs once and leaves nothing', async () => {
        const text = [
          "docker compose run --rm -T --no-deps redis sh -c 'echo once' 2>/dev/null",
          "docker compose run --rm -T --no-deps redis sh -c 'exit 7' 2>/dev/null || echo $?",
          'docker compose ps --all --services | sort',
        ].join('\n');
        expect((await sh('nas', text)).stdout.text).toBe('once\n7\npostgres\nredis\n');
      });

      it('ps lists what runs; stop and up change it', async () => {
        const running = 'docker compose ps --services --filter status=running | sort';
        const text = [
          running,
          'docker compose stop redis',
          running,
          'docker compose up -d --wait redis',
          running,
        ];
        expect((await sh('nas', text.join('\n'))).stdout.text).toBe(
          'postgres\nredis\npostgres\npostgres\nredis\n',
        );
      });

      it('logs gives what a service printed', async () => {
        const text = 'docker compose logs --no-color redis | grep -ci "ready to accept connections"';
        expect(Number((await sh('nas', text)).stdout.text)).toBeGreaterThan(0);
        const tail = 'docker compose logs --no-color --no-log-prefix --tail=2 redis | wc -l';
        expect(Number((await sh('nas', tail)).stdout.text)).toBe(2);
      });

      it('fails for a service that does not exist', async () => {
        expect((await sh('nas', 'docker compose exec -T nobody true')).exitCode).toBe(1);
      });
    });

    describe('the database', () => {
      it('gives typed rows, and the refusal with its SQLSTATE', async () => {
        const { results, refusal } = await sql("-- One\nSELECT 1 AS n, 'x' AS t;\nSELECT 1/0;");
        expect(results).toMatchObject([
          {
            title: 'One',
            rowCount: 1,
            rows: [['1', 'x']],
            columns: [{ name: 'n', type: 'int4' }, { name: 't' }],
          },
        ]);
        expect(refusal).toMatchObject({ sqlstate: '22012' });
      });

      it('ends a statement when time runs out', async () => {
        expect(await sql('SELECT pg_sleep(1000)', {}, 'timeout=500ms')).toMatchObject({ timedOut: true });
        expect(await sleeping()).toEqual([['0']]);
      });

      it('ends a statement when the run is interrupted', async () => {
        const controller = new AbortController();
        const onLine = () => controller.abort();
        const { refusal } = await sql('SELECT pg_sleep(1000)', { onLine, signal: controller.signal });
        expect(refusal).toMatchObject({ sqlstate: '57014' });
        expect(await sleeping()).toEqual([['0']]);
      });

      const sleeping = async () => {
        const text =
          "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(1000)' AND state = 'active'";
        return (await sql(text)).results[0]?.rows;
      };

      it('is reached by blocks on=local through DATABASE_URL', async () => {
        const url = (await sh('local', 'echo "$DATABASE_URL"')).stdout.text.trim();
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        try {
          expect((await client.query('SELECT length($1) AS n', ['x'.repeat(20 * MB)])).rows).toEqual([
            { n: 20 * MB },
          ]);
          expect(
            await received(client, `COPY (SELECT repeat('x', ${MB}) FROM generate_series(1, 75)) TO STDOUT`),
          ).toBe(75 * MB + 75);
        } finally {
          await client.end();
        }
      });

      it('is not given to other places', async () => {
        expect((await sh('nas', 'echo "${DATABASE_URL-none}"')).stdout.text).toBe('none\n');
      });
    });

    describe('a container that is not there', () => {
      it('dies in the middle of a block: the block ends, and has not passed', async () => {
        const text = 'echo begun; redis-cli shutdown nosave; sleep 1000; echo alive';
        const ended = await sh('redis', text).catch((error: unknown) => error);
        if (ended instanceof Error) expect(ended).toBeInstanceOf(CannotRun);
        else
          expect(ended).toMatchObject({
            timedOut: false,
            stdout: { text: 'begun\n' },
            exitCode: expect.toSatisfy((code) => code !== 0),
          });
        await sh('nas', 'docker compose up -d --wait redis');
      });

      it('is stopped: the block could not be tried', async () => {
        await sh('nas', 'docker compose stop redis');
        await expect(sh('redis', 'true')).rejects.toThrow(CannotRun);
        await sh('nas', 'docker compose up -d --wait redis');
      });

      it('is the database’s: the connection is lost, and found again after', async () => {
        let restarted: Promise<unknown> | null = null;
        const onLine = () => {
          restarted ??= sh('nas', 'docker compose restart postgres; docker compose up -d --wait postgres');
        };
        const ended = await sql('SELECT pg_sleep(1000)', { onLine }).catch((error: unknown) => error);
        if (ended instanceof Error) expect(ended).toBeInstanceOf(CannotRun);
        else expect(ended).toMatchObject({ refusal: { sqlstate: '57P01' } });
        await restarted;
        expect((await sql('SELECT 1')).refusal).toBeNull();
      });
    });
  });
}

/** How many bytes a COPY … TO STDOUT gives. */
function received(client: pg.Client, text: string): Promise<number> {
  const connection = (client as unknown as { connection: NodeJS.EventEmitter }).connection;
  let bytes = 0;
  connection.on('copyData', ({ chunk }: { chunk: Buffer }) => {
    bytes += chunk.length;
  });
  return client.query(text).then(() => bytes);
}
