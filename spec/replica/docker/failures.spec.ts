import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findEngine, requireVersion } from '../../../tools/replica/docker/engine.ts';
import { explainFailure } from '../../../tools/replica/docker/failures.ts';
import { createDockerReplica } from '../../../tools/replica/docker/replica.ts';
import { ReplicaError } from '../../../tools/replica/replica.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { temporaryDirectory } from '../../support/tmp.ts';
import { REDIS, recipeFor, replicaFor, thingsOf } from './stack.ts';

function withEnvironment(variable: string, value: string) {
  vi.stubEnv(variable, value);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

describeWithDocker('what goes wrong is said with what to do', () => {
  it('no docker command', async () => {
    withEnvironment('PATH', '/nonexistent');
    await expect(createDockerReplica(await recipeFor(REDIS))).rejects.toThrow(
      'there is no docker command: install Docker, or use --replica embedded',
    );
  });

  it('no engine', async () => {
    withEnvironment('DOCKER_HOST', 'unix:///nonexistent/docker.sock');
    await expect(createDockerReplica(await recipeFor(REDIS))).rejects.toThrow(
      /^no Docker engine answers: start it, or use --replica embedded \(.*nonexistent/,
    );
  });

  it('a context that there is not', async () => {
    withEnvironment('DOCKER_CONTEXT', 'nothing');
    await expect(createDockerReplica(await recipeFor(REDIS))).rejects.toThrow(
      /^the Docker context is not there: name one of “docker context ls” in DOCKER_CONTEXT, .*"nothing"/,
    );
  });

  it('an engine that takes what it is asked and does not answer', async () => {
    const socket = join(await temporaryDirectory(), 'docker.sock');
    const server = createServer().listen(socket);
    onTestFinished(() => void server.close());
    withEnvironment('DOCKER_HOST', `unix://${socket}`);
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const lines: string[] = [];
    const asked = findEngine((line) => void lines.push(line));
    asked.catch(() => undefined);
    await once(server, 'connection');
    await vi.advanceTimersByTimeAsync(30_000);
    await expect(asked).rejects.toThrow(
      'the Docker engine did not answer within 30 s: start it anew, or use --replica embedded',
    );
    expect(lines).toEqual([
      'no answer from the Docker engine for 10 s',
      'no answer from the Docker engine for 20 s',
    ]);
  });

  it('no such image, or no registry to ask; and no directory stays', async () => {
    const recipe = await recipeFor(REDIS.replace('redis:7', 'localhost:1/no/such-image:7'));
    const failed = createDockerReplica(recipe);
    await expect(failed).rejects.toThrow(ReplicaError);
    await expect(failed).rejects.toThrow(/image .*localhost:1\/no\/such-image:7/s);
    expect(await readdir(join(recipe.home, 'docker'))).toEqual([]);
  });

  it('a compose.yaml that is none', async () => {
    const recipe = await recipeFor('services: { redis: { imagine: redis:7 } }');
    await expect(createDockerReplica(recipe)).rejects.toThrow(/imagine/);
  });

  it('a build that fails', async () => {
    const recipe = await recipeFor('services: { one: { build: . } }', {
      Dockerfile: 'FROM redis:7\nRUN echo the-reason >&2; exit 3\n',
    });
    await expect(createDockerReplica(recipe)).rejects.toThrow(/the-reason/);
  });

  it('a port that is taken', async () => {
    const compose = `${REDIS.replace('volumes: [data:/data]', 'ports: ["127.0.0.1:${A_PORT}:6379"]')}`;
    const replica = await replicaFor(await recipeFor(compose, {}, ['A_PORT']));
    const server = createServer().listen(replica.ports.A_PORT, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await expect(replica.up()).rejects.toThrow(
      new RegExp(`^a port of the replica is taken: end what listens there.*${replica.ports.A_PORT}`),
    );
    await replica.down();
    expect(thingsOf(replica.id)).toEqual([]);
  });

  it('a service that does not get healthy, with its last words', async () => {
    const compose = `
services:
  ill:
    image: redis:7
    command: sh -c 'echo I am not well; sleep infinity'
    stop_grace_period: 0s
    healthcheck: { test: 'echo no pulse; exit 1', interval: 100ms, retries: 2 }
`;
    const replica = await replicaFor(await recipeFor(compose));
    await expect(replica.up()).rejects.toThrow(
      /do not become healthy.*ill is unhealthy.*I am not well.*health check: no pulse/s,
    );
  });

  it('a service that ends at its start, with its last words', async () => {
    const compose = "services: { brief: { image: 'redis:7', command: sh -c 'echo farewell; exit 3' } }";
    const replica = await replicaFor(await recipeFor(compose));
    await expect(replica.up()).rejects.toThrow(/brief is exited, exit status 3.*farewell/s);
  });
});

describe('what cannot be provoked here', () => {
  it.each([
    ['20.10.24+dfsg1', [20, 10], true],
    ['28.2.2', [20, 10], true],
    ['19.3.15', [20, 10], false],
    ['2.3.3', [2, 20], false],
  ] as const)('version %s against %s', (version, oldest, enough) => {
    const required = () => requireVersion('it', version, oldest);
    if (enough) expect(required).not.toThrow();
    else
      expect(required).toThrow(`it is too old: it is ${version}, and must be ${oldest.join('.')} or newer`);
  });

  it.each([
    ['write /var/lib/docker/x: no space left on device', 'the Docker engine’s disk is full'],
    ["docker: 'compose' is not a docker command.", 'install docker-compose-plugin'],
    ['permission denied while trying to connect to the Docker daemon socket', 'join the group “docker”'],
    ['manifest for postgres:99 not found: manifest unknown', 'correct its name in compose.yaml'],
    ['one\ntwo', 'docker up failed:\none\ntwo'],
  ])('%s', (said, message) => {
    expect(explainFailure('docker up', said).message).toContain(message);
  });
});
