import { describe, expect, it } from 'vitest';
import { MB, type Suite } from './suite.ts';

/** What holds for the docker command that blocks on the host use. */
export function composeCases({ sh }: Suite): void {
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
}
