import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ReplicaError } from '../../../tools/replica/replica.ts';
import { seed } from '../../../tools/replica/seed.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { recipeFor, replicaFor } from './stack.ts';

const stateOf = (container: string) =>
  execFileSync(
    'docker',
    ['inspect', '--format', '{{.State.Status}}{{with .State.Health}} {{.Status}}{{end}}', container],
    { encoding: 'utf8' },
  ).trim();

const DATABASE = { service: 'db', user: 'shop', name: 'shop' };

/** A server without a health check, which its image initialises with a server on the socket alone. */
const server = (more: string) => `
services:
  db:
    image: postgres:14
    environment: { POSTGRES_USER: shop, POSTGRES_HOST_AUTH_METHOD: trust }
${more}
`;

const ENDLESS = 'command: sleep infinity, stop_grace_period: 0s';

describeWithDocker('the services of a Docker replica', () => {
  it('are up with one that has done its work, and with some that have no health check', async () => {
    const compose = `
services:
  job: { image: redis:7, command: ["true"] }
  disabled: { image: redis:7, ${ENDLESS}, healthcheck: { disable: true } }
  none: { image: redis:7, ${ENDLESS}, healthcheck: { test: ["NONE"] } }
  redis:
    image: redis:7
    healthcheck: { test: redis-cli ping, interval: 2s, timeout: 5s, retries: 50 }
`;
    const replica = await replicaFor(await recipeFor(compose));
    await replica.up();
    const states = ['job', 'disabled', 'none', 'redis'].map((name) => stateOf(`${replica.id}-${name}-1`));
    expect(states).toEqual(['exited', 'running', 'running', 'running healthy']);
    await replica.up();
  });

  it.each([
    ['one has ended with another status', '', 3],
    ['one with a health check has ended', ', healthcheck: { test: redis-cli ping }', 0],
  ])('are not where %s', async (_, more, status) => {
    const compose = `
services:
  job: { image: redis:7, command: sh -c 'echo all is done' }
  ended: { image: redis:7, command: sh -c 'echo farewell; exit ${status}'${more} }
`;
    const replica = await replicaFor(await recipeFor(compose));
    const lines = [`ended is exited, exit status ${status}; its last lines:`, '  farewell'];
    await expect(replica.up()).rejects.toThrow(
      new ReplicaError(['the replica’s services do not become healthy.', ...lines].join('\n')),
    );
  });

  it('are not where one starts again and again', async () => {
    const program = "sh -c 'echo farewell; exit 3'";
    const compose = `services: { failing: { image: redis:7, command: ${program}, restart: always } }`;
    const replica = await replicaFor(await recipeFor(compose));
    await expect(replica.up()).rejects.toThrow(/failing is started again and again.*farewell/s);
  });

  it.each([
    ['without a health check', '', 'running'],
    [
      'that is asked on its socket',
      '    healthcheck: { test: pg_isready -U shop, interval: 1s, retries: 60 }',
      'running healthy',
    ],
  ])('are up once a server %s can be seeded', async (_, more, state) => {
    const initialised = '    volumes: ["./init.sql:/docker-entrypoint-initdb.d/init.sql:ro"]';
    const recipe = await recipeFor(server([initialised, more].join('\n')), {
      'init.sql': 'SELECT pg_sleep(5); CREATE TABLE made_at_last ();',
      'seed.sql': 'ALTER TABLE made_at_last ADD seeded int',
    });
    const replica = await replicaFor({ ...recipe, database: DATABASE });
    await replica.up(['db']);
    await seed(replica.host, DATABASE, replica.id, [join(recipe.stack, 'seed.sql')]);
    expect(stateOf(`${replica.id}-db-1`)).toBe(state);
  });

  it('are not where a server without a health check ends, and say why', async () => {
    const replica = await replicaFor({
      ...(await recipeFor(server('    command: postgres -c no_such_setting=1'))),
      database: DATABASE,
    });
    await expect(replica.up(['db'])).rejects.toThrow(/db is exited, exit status 1.*no_such_setting/s);
  });
});
