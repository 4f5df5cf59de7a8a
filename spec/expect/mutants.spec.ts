import { describe, expect, it } from 'vitest';
import { library } from './judge-library.ts';
import { MUTANTS } from './mutants.ts';
import { firstFailure, mutantOf } from './mutate.ts';

describe('a mutant of the judge says of some case what is wrong', () => {
  it('and the judge itself says of each what is right', async () => {
    expect(firstFailure(library)).toBeNull();
    // What is compiled anew and not changed is the judge, too: what kills a mutant is its change.
    expect(firstFailure(await mutantOf('expect/words.ts', (source) => source))).toBeNull();
  });

  it.each(MUTANTS)('%s: %s → %s', async (file, from, to) => {
    const mutant = await mutantOf(file, (source) => {
      const parts = source.split(from);
      if (parts.length !== 2) throw new Error(`“${from}” stands ${parts.length - 1} times in ${file}`);
      return parts.join(to);
    });
    expect(firstFailure(mutant)).toEqual(expect.any(String));
  });
});
