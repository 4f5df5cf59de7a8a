import { expect, it, onTestFinished } from 'vitest';
import { createDockerReplica, sweepDockerReplicas } from '../../../tools/replica/docker/replica.ts';
import { seed } from '../../../tools/replica/seed.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { temporaryDirectory } from '../../support/tmp.ts';
import { abandoned } from './abandoned.ts';
import { thingsOf } from './stack.ts';
import { stackRecipe, startWithTestcontainers } from './testcontainers.ts';

describeWithDocker('the stack under testcontainers', () => {
  it('is waited for, seeded, asked and taken down', async () => {
    const recipe = stackRecipe(await temporaryDirectory());
    const replica = await createDockerReplica(recipe);
    onTestFinished(() => replica.down());
    const environment = await startWithTestcontainers(replica);
    await seed(() => replica.connectDatabase(), recipe.database, replica.id, ['sql/baseline.sql']);
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

  it('refuses a seed that is for another replica', async () => {
    const recipe = stackRecipe(await temporaryDirectory());
    const replica = await createDockerReplica(recipe);
    onTestFinished(() => replica.down());
    await startWithTestcontainers(replica);
    const seeded = seed(() => replica.connectDatabase(), recipe.database, 'runbook-00000000', [
      'sql/baseline.sql',
    ]);
    await expect(seeded).rejects.toThrow('this server is not the replica runbook-00000000');
  });

  it('is reaped when what started it is killed', async () => {
    const home = await temporaryDirectory();
    const { id, kill } = await abandoned('abandon-testcontainers.ts', home);
    expect(thingsOf(id)).not.toEqual([]);
    await kill();
    await sweepDockerReplicas(home);
    expect(thingsOf(id)).toEqual([]);
  });
});
