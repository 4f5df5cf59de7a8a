import { chmod, rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { makeHome, recipeFor, run } from './host.ts';

const usual = process.umask();
afterEach(() => void process.umask(usual));

it.each(['755', '700'])('its server starts under a umask of 077 in a home of mode %s', async (mode) => {
  const home = await makeHome();
  await chmod(home, Number.parseInt(mode, 8));
  process.umask(0o077);
  const replica = await createEmbeddedReplica(recipeFor(home));
  try {
    await replica.up(['postgres']);
    const { stdout } = await run(replica, `docker compose ps --format '{{.Service}} {{.Health}}'`);
    expect(stdout).toBe('postgres healthy');
  } finally {
    await replica.down();
    await rm(home, { recursive: true });
  }
});
