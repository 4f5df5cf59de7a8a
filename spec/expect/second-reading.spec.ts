import { expect, it } from 'vitest';
import { library } from './judge-library.ts';
import { KINDS, Random } from './second-reading.ts';
import { judged } from './subjects.ts';

const PAIRS = 10_000;

/** The same sentence comes often: it is compiled once. */
const compiled = new Map<string, ReturnType<typeof library.compileSentence>>();
const remembering = {
  ...library,
  compileSentence(text: string) {
    if (!compiled.has(text)) compiled.set(text, library.compileSentence(text));
    return compiled.get(text) ?? null;
  },
};

it.each(KINDS.map((kind, i) => [kind.name, kind, i] as const))(
  '%s: two readings agree, of what is true and of what is not',
  (_, kind, seed) => {
    const random = new Random(seed + 1);
    const counts = { true: 0, false: 0 };
    for (let i = 0; i < PAIRS; i++) {
      const { text, subject, truth } = kind.make(random);
      const { passed } = judged(remembering, text, subject);
      if (passed !== truth) expect({ text, subject, passed }).toEqual({ text, subject, passed: truth });
      counts[`${truth}`]++;
    }
    // A reading that is never true, or always, would agree with a judge that does not look.
    expect(Math.min(counts.true, counts.false)).toBeGreaterThan(PAIRS / 200);
  },
);
