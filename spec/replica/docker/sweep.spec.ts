import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { thisOwner } from '../../../tools/replica/docker/labels.ts';
import { sweepDockerReplicas } from '../../../tools/replica/docker/replica.ts';
import type { ReplicaRecipe } from '../../../tools/replica/replica.ts';
import { describeWithDocker } from '../../support/requires.ts';
import { temporaryDirectory } from '../../support/tmp.ts';
import { abandoned, PROGRAMS } from './abandoned.ts';
import { REDIS, recipeFor, replicaFor, thingsOf } from './stack.ts';

const rehearsal = (recipe: ReplicaRecipe, ...more: string[]) =>
  abandoned(PROGRAMS.rehearsal, JSON.stringify(recipe), ...more);

describeWithDocker('the sweep before a rehearsal', () => {
  it('removes what a killed rehearsal left, and nothing of a live one', async () => {
    const recipe = await recipeFor(REDIS);
    const [killed, live] = [await rehearsal(recipe), await replicaFor(recipe)];
    await live.up();
    await sweepDockerReplicas(recipe.home);
    expect(thingsOf(killed.id)).toHaveLength(3);
    await killed.kill();
    await sweepDockerReplicas(recipe.home);
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

  it('says what it removes, also where only a directory was left', async () => {
    const home = join(await temporaryDirectory(), 'replicas');
    const directory = join(home, 'docker', 'runbook-00000000');
    await mkdir(directory, { recursive: true });
    await writeFile(
      join(directory, 'owner.json'),
      JSON.stringify({ ...thisOwner(), started: 'another time' }),
    );
    const said: string[] = [];
    await sweepDockerReplicas(home, (line) => said.push(line));
    expect(said).toContain('removing runbook-00000000, which an earlier rehearsal left');
    expect(existsSync(directory)).toBe(false);
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
