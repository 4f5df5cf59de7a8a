import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readComposeFile } from '../../tools/compose/compose-file.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'compose-file-'));
});

afterAll(() => rm(directory, { recursive: true }));

async function read(text: string, variables = {}) {
  const path = join(directory, 'compose.yaml');
  await writeFile(path, text);
  return await readComposeFile(path, directory, variables);
}

const only = async (lines: string, variables = {}) => {
  const [service] = await read(`services:\n  a:\n    image: redis\n${lines}`, variables);
  return service;
};

describe('readComposeFile', () => {
  it('takes a command as a list or as one line', async () => {
    expect(await only(`    command: sh -c "a b"`)).toMatchObject({ command: ['sh', '-c', 'a b'] });
    expect(await only(`    command: [sh, -c, 1]`)).toMatchObject({ command: ['sh', '-c', '1'] });
  });

  it('takes an environment as a map or as a list; a name alone is the caller’s', async () => {
    const expected = { environment: { A: '1', B: 'b=c', C: 'from outside' } };
    expect(await only('    environment: { A: 1, B: b=c, C: , D: }', { C: 'from outside' })).toMatchObject(
      expected,
    );
    expect(await only('    environment: [A=1, B=b=c, C, D]', { C: 'from outside' })).toMatchObject(expected);
  });

  it.each(['"127.0.0.1:80:8000"', '"80:8000/tcp"', '{ target: 8000, published: 80 }'])(
    'port %s',
    async (port) => {
      expect(await only(`    ports: [${port}]`)).toMatchObject({ ports: [{ host: 80, container: 8000 }] });
    },
  );

  it('leaves out a port that only other services see', async () => {
    expect(await only('    ports: ["8000"]')).toMatchObject({ ports: [] });
  });

  it('takes health checks in all their forms', async () => {
    const shell = { healthCheck: { test: ['/bin/sh', '-c', 'a | b'], intervalMs: 2000, retries: 3 } };
    expect(await only('    healthcheck: { test: a | b, interval: 2s }')).toMatchObject(shell);
    expect(await only('    healthcheck: { test: [CMD-SHELL, a | b], interval: 2s }')).toMatchObject(shell);
    expect(await only('    healthcheck: { test: [CMD, a, b] }')).toMatchObject({
      healthCheck: { test: ['a', 'b'] },
    });
    expect(await only('    healthcheck: { test: [NONE] }')).toMatchObject({ healthCheck: null });
    expect(await only('    healthcheck: { test: a, disable: true }')).toMatchObject({ healthCheck: null });
  });

  it('knows named volumes from directories of the host', async () => {
    const service = await only('    volumes: [data:/data, /anonymous]\n    build: .');
    expect(service?.volumes).toEqual({ '/data': 'data' });
  });

  it('knows directories of the host from both', async () => {
    const service = await only('    build: .\n    volumes: [data:/data, ./here:/there, /anonymous]');
    expect(service?.volumes).toEqual({ '/data': 'data' });
  });

  it('follows anchors and merges', async () => {
    const [, b] = await read(
      'x-base: &base { restart: always }\nservices:\n  a: { image: redis }\n  b: { <<: *base, image: redis }',
    );
    expect(b?.restart).toBe('always');
  });

  it.each([
    ['services:\n  a: { image: redis, restart: sometimes }', 'services.a.restart: Invalid option'],
    ['services:\n  a: { image: redis, stop_grace_period: soon }', '"soon" is no duration: write 1m30s'],
    ['services:\n  a: { image: redis, depends_on: [b] }', 'service "a" depends on undefined service "b"'],
    ['services:\n  a: { image: "${B:?say which}" }', 'required variable B is missing a value: say which'],
    ['services:\n  a: { extends: b }', 'has no `extends`: rehearse with --replica docker'],
    ['services:\n  a: { command: "it\'s" }', 'a quote is not closed'],
    ['services: [', 'compose.yaml:1:12: '],
    ['{}', 'no service is here'],
  ])('refuses %j', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
