import { showAge } from '../text/duration.ts';
import { variablesIn } from '../text/variables.ts';
import { leavesOf } from './leaves.ts';
import { type BlockStep, blockSteps, type Plan } from './plan.ts';

/** A variable's value, and where it is from: the run, the block, and how long ago that ended, in milliseconds. */
export interface FromBefore {
  value: string;
  run: string;
  block: string;
  ageMs: number;
}

/** What a person must see and allow before a block that destroys. */
export interface Gate {
  /** Of the block. */
  name: string;
  /** Of the block, in the document. */
  line: number;
  /** In a line: where it destroys, and the values that it uses. */
  text: string;
}

/** The blocks of a plan that destroy. */
export const gatesOf = ({ steps }: Plan): BlockStep[] =>
  blockSteps(steps).filter(({ block }) => block.effect === 'destroys');

/**
 * The gate of a block that destroys on `where`, such as `shop, database orders`, in a run of this id, with the variables
 * that earlier blocks and runs left: of those, it says each that the block uses.
 */
export function gateOf(
  step: BlockStep,
  where: string,
  left: ReadonlyMap<string, FromBefore>,
  run: string,
): Gate {
  return gate(step, where, (variable) => fromBefore(variable, left, run));
}

/**
 * As gateOf, before a run of a plan begins: of a variable that a block leaves which stands before this one and is not
 * among the `done`, nobody knows the value yet.
 */
export function gateAhead(
  step: BlockStep,
  { steps }: Plan,
  done: ReadonlySet<string>,
  where: string,
  left: ReadonlyMap<string, FromBefore>,
): Gate {
  const before = blockSteps(steps.slice(0, steps.indexOf(step))).filter(({ name }) => !done.has(name));
  return gate(step, where, (variable) => {
    const by = before.findLast(({ block }) => leavesOf(block).includes(variable));
    return by ? `${variable} (which ${by.name} is to leave)` : fromBefore(variable, left, '');
  });
}

function gate({ name, block }: BlockStep, where: string, say: (variable: string) => string | null): Gate {
  const used = block.language === 'sql' ? [] : variablesIn(block.text);
  const values = used.map(say).filter((value) => value !== null);
  const uses = values.length > 0 ? `; it uses ${values.join(', ')}` : '';
  return { name, line: block.line, text: `${name} destroys, on ${where}${uses}` };
}

function fromBefore(variable: string, left: ReadonlyMap<string, FromBefore>, run: string): string | null {
  const from = left.get(variable);
  if (!from) return null;
  const by = from.run === run ? 'this run' : `run ${from.run}`;
  return `${variable}=${from.value} (left by ${from.block} in ${by}, ${showAge(from.ageMs)})`;
}
