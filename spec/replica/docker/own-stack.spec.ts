import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createDockerReplica } from '../../../tools/replica/docker/replica.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { temporaryDirectory } from '../../support/tmp.ts';
import { recipeFor, replicaFor } from './stack.ts';

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

interface Inspected {
  Name: string;
  Mounts: { Type: string; Source: string; Destination: string; Name?: string }[];
  NetworkSettings: { Networks: Record<string, object> };
}

const inspected = (id: string, service: string) =>
  (JSON.parse(docker('inspect', `${id}-${service}-1`)) as [Inspected])[0];

describeWithDocker('a Docker replica of somebody’s own compose file', () => {
  it('shares nothing with what runs under that file’s own names', async () => {
    const outside = await temporaryDirectory();
    const [volume, network] = [`real-${process.pid}-data`, `real-${process.pid}-net`];
    docker('volume', 'create', volume);
    docker('network', 'create', network);
    onTestFinished(() => {
      docker('volume', 'rm', volume);
      docker('network', 'rm', network);
    });
    const compose = [
      ...['services:', '  redis:', '    image: redis:7', `    container_name: real-${process.pid}`],
      '    command: redis-server --save ""',
      ...[
        '    volumes:',
        '      - data:/data',
        `      - ${outside}:/backups`,
        `      - ${outside}:/settings:ro`,
      ],
      ...['      - ./here:/here', '      - ./here:/database', '    networks: [net]'],
      ...['volumes:', `  data: { external: true, name: ${volume} }`],
      ...['networks:', `  net: { external: true, name: ${network} }`],
    ];
    const recipe = await recipeFor(compose.join('\n'));
    await mkdir(join(recipe.stack, 'here'));
    const replica = await replicaFor(recipe);
    await replica.up();
    const { Name, Mounts, NetworkSettings } = inspected(replica.id, 'redis');
    expect(Name).toBe(`/${replica.id}-redis-1`);
    expect(Object.keys(NetworkSettings.Networks)).toEqual([`${replica.id}_net`]);
    const mounts = Object.fromEntries(Mounts.map((mount) => [mount.Destination, mount]));
    expect(mounts['/data']?.Name).toBe(`${replica.id}_data`);
    expect(mounts['/backups']).toMatchObject({ Type: 'volume' });
    expect(mounts['/settings']).toMatchObject({ Type: 'bind', Source: outside });
    // It begins with the words of a server's data, and holds none.
    for (const path of ['/here', '/database'])
      expect(mounts[path]).toMatchObject({ Type: 'bind', Source: join(replica.directory, 'here') });
  });

  it('marks its server whatever its command is, and keeps its variables', async () => {
    const database = { service: 'db', user: 'shop', name: 'shop' };
    const server = (more: string) =>
      `services: { db: { image: postgres:14, environment: { POSTGRES_USER: "$WHO", POSTGRES_HOST_AUTH_METHOD: trust }${more} } }`;
    for (const more of [
      '',
      ', command: postgres -c work_mem=8MB',
      ', command: [postgres, -c, work_mem=8MB]',
    ]) {
      const recipe = await recipeFor(server(more), { '.env': 'WHO=shop' });
      const replica = await createDockerReplica({ ...recipe, database });
      onTestFinished(() => replica.down());
      await replica.up();
      expect(await replica.host.mark(database)).toBe(replica.id);
    }
  });

  it('is made of the second file that Compose reads, too', async () => {
    const override = 'services: { redis: { environment: { ROLE: second } } }';
    const recipe = await recipeFor('services: { redis: { image: redis:7 } }', {
      'compose.override.yml': override,
    });
    const replica = await replicaFor(recipe);
    await replica.up();
    expect(docker('exec', `${replica.id}-redis-1`, 'printenv', 'ROLE')).toBe('second');
  });

  it('is made of no service at all, and of another compose file’s name', async () => {
    const directory = await temporaryDirectory();
    await writeFile(join(directory, 'docker-compose.yml'), 'services: { redis: { image: redis:7 } }');
    const home = join(directory, '.runbook/replicas');
    const named = await replicaFor({ stack: directory, ports: [], database: null, home });
    await named.up();
    expect(docker('ps', '--filter', `name=${named.id}`, '--format', '{{.Names}}')).toBe(
      `${named.id}-redis-1`,
    );
    const empty = await replicaFor({ stack: { services: {}, inputs: {} }, ports: [], database: null, home });
    await empty.up();
    expect(docker('ps', '--all', '--filter', `name=${empty.id}`, '--quiet')).toBe('');
  });
});
