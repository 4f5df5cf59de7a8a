import { expect, it, onTestFinished } from 'vitest';
import { createDockerReplica, sweepDockerReplicas } from '../../../tools/replica/docker/replica.ts';
import { seed } from '../../../tools/replica/seed.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { temporaryDirectory } from '../../support/tmp.ts';
import { abandoned, PROGRAMS } from './abandoned.ts';
import { thingsOf } from './stack.ts';
import { stackRecipe, startWithTestcontainers } from './testcontainers.ts';

describeWithDocker('the stack under testcontainers', () => {
  it('is waited for, seeded, asked and taken down', async () => {
    const recipe = stackRecipe(await temporaryDirectory());
    const replica = await createDockerReplica(recipe);
    onTestFinished(() => replica.down());
    const environment = await startWithTestcontainers(replica);
    const plant = (id: string) => seed(replica.host, recipe.database, id, ['sql/baseline.sql']);
    await expect(plant('runbook-00000000')).rejects.toThrow(
      'this server is not the replica runbook-00000000',
    );
    await plant(replica.id);
    const postgres = environment.getContainer('postgres-1');
    const query = 'SELECT count(*) FROM topics';
    const { output, exitCode } = await postgres.exec([
      'psql',
      '-U',
      'crosshot',
      '-d',
      'crosshot',
      '-qAtX',
      '-c',
      query,
    ]);
    expect({ output, exitCode }).toEqual({ output: '0\n', exitCode: 0 });
    await environment.down({ removeVolumes: true });
    expect(thingsOf(replica.id)).toEqual([]);
  });

  it('is reaped when what started it is killed', async () => {
    const home = await temporaryDirectory();
    const { id, kill } = await abandoned(PROGRAMS.testcontainers, home);
    expect(thingsOf(id)).not.toEqual([]);
    await kill();
    await sweepDockerReplicas(home);
    expect(thingsOf(id)).toEqual([]);
  });
});
