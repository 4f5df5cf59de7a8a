import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

it('what the stack publishes, it publishes on this machine’s own address only', async () => {
  const { services } = parse(await readFile('fixtures/stack/compose.yaml', 'utf8')) as {
    services: Record<string, { ports?: string[] }>;
  };
  const ports = Object.values(services).flatMap((service) => service.ports ?? []);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  expect(ports).not.toEqual([]);
});
