import type { Block } from '../document/document.ts';
import { probeOf } from '../document/probes.ts';
import type { EarlierBlock } from '../journal/earlier.ts';
import type { BlockCarried } from '../journal/event.ts';
import type { Begun } from '../outcome/fact.ts';
import { outcomeNotRun } from '../outcome/judge.ts';
import type { Performance } from '../perform.ts';
import type { Resumed, Resumption } from '../plan/resumption.ts';

/** What the person has said of blocks, by their names. */
export interface Words {
  /** These are run again. */
  again: readonly string[];
  /** These are taken as done. */
  done: readonly string[];
}

/** A block that nobody has decided about: its name, and how it stood. */
export interface Open {
  name: string;
  earlier: EarlierBlock;
  changed: boolean;
}

/** What a resumed run begins with. */
export interface Settled {
  /** Not run, as they are done. */
  carried: Omit<BlockCarried, 'at'>[];
  begun: Map<string, Begun>;
  probes: NonNullable<Performance['probes']>;
  /** What keeps it from beginning. */
  open: Open[];
}

/**
 * What a resumption comes to, by the person's word and by the probes of `document`'s blocks. What the person says of a
 * block counts for more than its probe.
 */
export function settle(
  { blocks }: Resumption<EarlierBlock>,
  words: Words,
  document: { blocks: readonly Block[] },
): Settled {
  const settled: Settled = { carried: [], begun: new Map(), probes: new Map(), open: [] };
  const names = new Set(blocks.map(({ step }) => step.name));
  for (const one of blocks) {
    const { step, earlier, does } = one;
    if (!earlier || does === 'run') continue;
    if (does === 'carry') settled.carried.push(carriedAsPassed(one, earlier));
    else if (does === 'go-on' && !isSaid(step.name, words)) goOnFrom(one, earlier, settled);
    else decide(one, earlier, { settled, words, names, probe: probeOf(document.blocks, step.block) });
  }
  return settled;
}

const isSaid = (name: string, { again, done }: Words) => again.includes(name) || done.includes(name);

/**
 * Whether a person may say what becomes of it: of what failed or is unknown, and of what was looked up in vain, as what it
 * ran on did not answer.
 */
export const isOpenToWords = ({ does, earlier }: Resumed<EarlierBlock>): boolean =>
  does === 'ask' || (does === 'go-on' && earlier?.ended !== null);

interface Deciding {
  settled: Settled;
  words: Words;
  /** Taken. */
  names: Set<string>;
  probe: Block | null;
}

function decide(one: Resumed<EarlierBlock>, earlier: EarlierBlock, deciding: Deciding): void {
  const { settled, words, names, probe } = deciding;
  const { name } = one.step;
  if (words.done.includes(name)) settled.carried.push(takenAsDone(one, earlier, 'person'));
  else if (words.again.includes(name)) beginAgain(one, earlier, settled);
  else if (probe) {
    const carried = takenAsDone(one, earlier, 'probe');
    const step = {
      kind: 'block' as const,
      block: { ...probe, retryMs: 0 },
      name: freeName(probe.name, names),
    };
    settled.probes.set(name, { step, carried });
    beginAgain(one, earlier, settled);
  } else settled.open.push({ name, earlier, changed: one.changed });
}

/** Only a block that still does the same can be gone on with where it was. */
function goOnFrom(
  { step, changed }: Resumed<EarlierBlock>,
  { begun }: EarlierBlock,
  { begun: all }: Settled,
) {
  if (begun && !changed) all.set(step.name, begun);
}

/**
 * As goOnFrom, of a block that is not looked up any more: a shell begins anew, and where the last fact is that a statement
 * was about to begin, that is begun again.
 */
function beginAgain(one: Resumed<EarlierBlock>, earlier: EarlierBlock, settled: Settled): void {
  if (one.step.block.language !== 'sql') return;
  const { begun } = earlier;
  const last = begun?.prepared.at(-1);
  const isAbout = last?.xid === null && last.results.length === 0;
  goOnFrom(
    one,
    { ...earlier, begun: begun && isAbout ? { ...begun, prepared: begun.prepared.slice(0, -1) } : begun },
    settled,
  );
}

function freeName(name: string, taken: Set<string>): string {
  let free = `${name}-probe`;
  for (let count = 2; taken.has(free); count++) free = `${name}-probe-${count}`;
  taken.add(free);
  return free;
}

function carriedAsPassed(
  { step }: Resumed<EarlierBlock>,
  { ended, from }: EarlierBlock,
): Settled['carried'][0] {
  return {
    type: 'block-carried',
    name: step.name,
    from,
    because: ended?.type === 'block-carried' ? ended.because : 'passed',
    outcome: ended?.outcome ?? doneWithout(step.block, 'passed'),
    ...givenBy(ended),
  };
}

/** What a block gave in the run that ran it. */
const givenBy = (ended: EarlierBlock['ended']) => ({
  output: ended?.output ?? null,
  ...(ended?.files ? { files: ended.files } : {}),
  duration_ms: ended?.duration_ms ?? 0,
});

const takenAsDone = (
  { step }: Resumed<EarlierBlock>,
  { ended, from }: EarlierBlock,
  because: 'probe' | 'person',
): Settled['carried'][0] => ({
  type: 'block-carried',
  name: step.name,
  from,
  because,
  outcome: doneWithout(step.block, because),
  ...givenBy(ended),
});

const WHY = {
  passed: 'it passed in an earlier run',
  probe: 'its probe says that the block is done',
  person: 'the person says that the block is done',
};

/** Of a block that counts as passed, and whose expectations nobody has judged. */
const doneWithout = (block: Block, because: keyof typeof WHY): BlockCarried['outcome'] => ({
  ...outcomeNotRun(block, WHY[because]),
  status: 'passed',
  why: null,
});
