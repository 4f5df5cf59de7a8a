import type { Block } from '../document/document.ts';
import { doesTheSame, type Known, pairUp } from '../text/pairs.ts';
import { type BlockStep, blockSteps, type Plan } from './plan.ts';

/** How a block stood after an earlier run, as far as a plan needs to know. */
export interface Standing extends Known {
  effect: string;
  /** `running`: it began, and its end is in no journal. */
  state: 'not-begun' | 'running' | 'passed' | 'failed' | 'unknown';
  /** Whether it was started at all, though it may not have begun. */
  started: boolean;
  /** Whether the newest run did not have it any more. */
  removed: boolean;
}

/** What a resumed run does about a block, and how that stood before. */
export interface Resumed<E extends Standing> {
  step: BlockStep;
  /**
   * `carry`: it passed and does the same, so it is not run. `run`: nothing of it was done, or it only reads. `go-on`:
   * it began, and its end is looked up or waited for. `ask`: whether it is done must be asked of its probe or of the
   * person, as it does more than read, and failed, or is unknown, or was another one when it was begun.
   */
  does: 'carry' | 'run' | 'go-on' | 'ask';
  earlier: E | null;
  /** Whether it does something else than it did. */
  changed: boolean;
}

/** What a resumed run does, and in what the plan is another one than it was. */
export interface Resumption<E extends Standing> {
  blocks: Resumed<E>[];
  /** Names. */
  changed: string[];
  renamed: { from: string; to: string }[];
  inserted: string[];
  removed: string[];
}

/** What a run of a plan does that goes on from these blocks. Blocks are known by what they do, not by their names. */
export function makeResumption<E extends Standing>(plan: Plan, earlier: readonly E[]): Resumption<E> {
  const steps = blockSteps(plan.steps);
  const were = pairUp(
    steps.map(({ name, block }) => ({ name, key: block.key })),
    earlier,
  );
  const blocks = steps.map((step, i) => resumed(step, were[i] ?? null));
  const gone = earlier.filter((one) => !one.removed && !were.includes(one));
  return {
    blocks,
    changed: blocks.filter(({ changed }) => changed).map(({ step }) => step.name),
    renamed: blocks.flatMap(({ step, earlier }) =>
      earlier && earlier.name !== step.name ? [{ from: earlier.name, to: step.name }] : [],
    ),
    inserted: blocks.filter(({ earlier }) => earlier === null).map(({ step }) => step.name),
    removed: gone.map(({ name }) => name),
  };
}

function resumed<E extends Standing>(step: BlockStep, earlier: E | null): Resumed<E> {
  if (!earlier) return { step, does: 'run', earlier, changed: false };
  const changed = !doesTheSame({ name: step.name, key: step.block.key }, earlier);
  return {
    step,
    does: changed ? ofChanged(step.block, earlier) : ofSame(step.block, earlier),
    earlier,
    changed,
  };
}

/** What was begun as another block is neither done nor gone on with. */
function ofChanged({ effect }: Block, earlier: Standing): 'run' | 'ask' {
  const harmless = effect === 'reads' || earlier.effect === 'reads' || earlier.state === 'not-begun';
  return harmless ? 'run' : 'ask';
}

function ofSame({ effect, background }: Block, { state, started }: Standing): Resumed<Standing>['does'] {
  if (state === 'passed') return 'carry';
  // What is recorded of a block in the background says nothing of whether it began.
  if (background && started && effect !== 'reads') return 'ask';
  if (state === 'running') return 'go-on';
  if (state === 'not-begun' || effect === 'reads') return 'run';
  return 'ask';
}

/** Whether a run did other blocks than those of the plan, or in another form: a person looks at that first. */
export const isChanged = ({ changed, renamed, inserted, removed }: Resumption<Standing>): boolean =>
  [changed, renamed, inserted, removed].some((names) => names.length > 0);
