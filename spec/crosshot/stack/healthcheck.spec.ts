import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openRedis } from '../../../fixtures/stack/services/shared/redis.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

/** What the health check of a service ends with. */
async function check(service: string, env: Record<string, string>): Promise<number | undefined> {
  const { exitCode } = await execa('bash', ['healthcheck.sh', service], {
    ...{ cwd: 'fixtures/stack/services', env, reject: false },
  });
  return exitCode;
}

describe('the health check of the api', () => {
  it.each([
    [200, 0],
    [503, 1],
  ])('ends, where it answers %i, with %i', async (answer, status) => {
    const asked: unknown[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url);
      response.writeHead(answer).end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    expect(await check('api', { PORT: String((server.address() as AddressInfo).port) })).toBe(status);
    expect(asked).toEqual(['/health']);
  });

  it('ends with 1 where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await check('api', { PORT: String(port) })).toBe(1);
  });
});

describe('the health check of a worker', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedisServer();
    const redis = await openRedis(server.socket);
    await redis.set('agent:heartbeat:crawler', 'now');
    redis.destroy();
  });
  afterAll(() => server?.stop());

  it.each([
    ['0 where its heart beats', 'crawler', 0],
    ['1 where it does not', 'analyst', 1],
  ])('ends with %s, asked by a socket', async (_, service, status) => {
    expect(await check(service, { REDIS_HOST: server.socket })).toBe(status);
  });

  it('ends with 1 where Redis is not there', async () => {
    expect(await check('crawler', { REDIS_HOST: `${server.socket}.none` })).not.toBe(0);
  });
});
