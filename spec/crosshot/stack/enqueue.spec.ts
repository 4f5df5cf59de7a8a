import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpecDatabase } from '../../support/database.ts';
import { createMigrated } from '../databases.ts';
import { addTopic } from '../seed.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { runProgram, type Service, startService } from './service.ts';

let redis: RedisServer;
let database: SpecDatabase;
let agents: Service[] = [];

beforeAll(async () => {
  [redis, database] = await Promise.all([startRedisServer(), createMigrated()]);
  const client = await database.connect();
  for (const name of ['Coral reefs', 'Twins', 'Twins']) await addTopic(client, { name });
  agents = await Promise.all(['crawler', 'analyst'].map((name) => startService(name, { database, redis })));
});

afterAll(async () => {
  await Promise.all(agents.map((agent) => agent.end()));
  await Promise.all([redis?.stop(), database?.drop()]);
});

const enqueue = (...args: string[]) => runProgram('enqueue.ts', { database, redis }, args);

describe('enqueue', () => {
  it('waits for what comes of a crawl and of an analysis, and prints it', async () => {
    expect(await enqueue('crawl', '--topic', 'Coral reefs', '--count', '3', '--wait')).toEqual({
      code: 0,
      stdout: 'stored 3 contents\n',
      stderr: '',
    });
    expect(await enqueue('analyse', '--topic', 'Coral reefs', '--wait')).toMatchObject({
      code: 0,
      stdout: `topic 'Coral reefs': Period 0, 3 contents\n`,
    });
    expect(await enqueue('analyse', '--all', '--wait')).toMatchObject({
      code: 0,
      stdout: 'nothing new to analyse\n',
    });
  });

  it('ends 1 where the task failed', async () => {
    const { rows } = await (await database.connect()).query(
      `SELECT id FROM topics WHERE name = 'Twins' LIMIT 1`,
    );
    const ended = await enqueue('analyse', '--topic', rows[0].id, '--again', 'why not', '--wait');
    expect(ended).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: topic ${rows[0].id} has no period to analyse again\n`,
    });
  });

  it.each([
    [['crawl', '--wait'], 'crawl what? Give --topic or --user'],
    [['crawl', '--topic', 'Nix'], 'no topic is named "Nix", by name or by id'],
    [['crawl', '--topic', 'Twins'], 'several topics are named "Twins"; give an id'],
    [
      ['crawl', '--topic', 'Coral reefs', '--count', '0'],
      `--count takes a whole number from 1 to 1000, not "0"`,
    ],
  ])('refuses %j and says why', async (args, message) => {
    const ended = await enqueue(...args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr.split('\n')[0]).toBe(`error: ${message}`);
  });
});
