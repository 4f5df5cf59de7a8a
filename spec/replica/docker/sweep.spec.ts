import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sweepDockerReplicas } from '../../../tools/replica/docker/replica.ts';
import type { ReplicaRecipe } from '../../../tools/replica/replica.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { abandoned } from './abandoned.ts';
import { REDIS, recipeFor, replicaFor, thingsOf } from './stack.ts';

const rehearsal = (recipe: ReplicaRecipe, ...more: string[]) =>
  abandoned('abandon.ts', JSON.stringify(recipe), ...more);

describeWithDocker('the sweep before a rehearsal', () => {
  it('removes what a killed rehearsal left, and nothing of a live one', async () => {
    const recipe = await recipeFor(REDIS);
    const [killed, live] = [await rehearsal(recipe), await replicaFor(recipe)];
    await live.up();
    await sweepDockerReplicas(recipe.home);
    expect(thingsOf(killed.id)).toHaveLength(3);
    await killed.kill();
    const said: string[] = [];
    await sweepDockerReplicas(recipe.home, (line) => said.push(line));
    expect(said.filter((line) => line.includes(killed.id))).toHaveLength(1);
    expect(thingsOf(killed.id)).toEqual([]);
    expect(existsSync(killed.directory)).toBe(false);
    expect(thingsOf(live.id)).toHaveLength(3);
    expect(existsSync(live.directory)).toBe(true);
  });

  it('can be done by two at once, also where the directory is gone', async () => {
    const recipe = await recipeFor(REDIS);
    const { id, kill } = await rehearsal(recipe);
    await kill();
    await Promise.all([sweepDockerReplicas('/nonexistent'), sweepDockerReplicas(recipe.home)]);
    expect(thingsOf(id)).toEqual([]);
  });

  it('leaves a replica that was kept', async () => {
    const recipe = await recipeFor(REDIS);
    const { id, directory, kill } = await rehearsal(recipe, 'keep');
    await kill();
    await sweepDockerReplicas(recipe.home);
    expect(thingsOf(id)).toHaveLength(3);
    expect(existsSync(directory)).toBe(true);
  });
});
