import { count } from '../text/count.ts';
import { suggestion } from '../text/nearest.ts';
import { type BlockStep, blockSteps, type Plan, type PlannedStep } from './plan.ts';

/** Which blocks of a plan are wanted, by the names that they have in it. */
export interface Wanted {
  from?: string | undefined;
  until?: string | undefined;
  only?: readonly string[] | undefined;
}

/** Whether somebody asks for less than the whole. */
export const isPart = ({ from, until, only = [] }: Wanted): boolean =>
  from !== undefined || until !== undefined || only.length > 0;

/**
 * The wanted blocks of a plan, in its order, with the questions between them; or in words why there are none: a name that
 * the plan does not have, or an end before the beginning.
 */
export function partOfPlan(plan: Plan, wanted: Wanted): { plan: Plan } | { refusal: string } {
  const names = blockSteps(plan.steps).map(({ name }) => name);
  const { from, until, only = [] } = wanted;
  const said = [
    ...(from === undefined ? [] : [['--from', from] as const]),
    ...(until === undefined ? [] : [['--until', until] as const]),
    ...only.map((name) => ['--only', name] as const),
  ];
  for (const [option, name] of said)
    if (!names.includes(name))
      return {
        refusal: `${option} ${name}: it is no block of ${plan.procedure}: ${suggestion(name, names)}`,
      };
  const steps = only.length > 0 ? plan.steps.filter(isAmong(only)) : between(plan.steps, from, until);
  if (steps.length === 0) return { refusal: `--until ${until} stands before --from ${from}: exchange them` };
  return { plan: { ...plan, steps, part: true, needs: wordsFor(plan, steps, only) } };
}

const isAmong =
  (names: readonly string[]) =>
  (step: PlannedStep): boolean =>
    step.kind === 'block' && names.includes(step.name);

/** Both ends are in it. */
function between(steps: PlannedStep[], from: string | undefined, until: string | undefined): PlannedStep[] {
  const at = (name: string) => steps.findIndex(isAmong([name]));
  return steps.slice(from === undefined ? 0 : at(from), until === undefined ? undefined : at(until) + 1);
}

function wordsFor(plan: Plan, steps: PlannedStep[], only: readonly string[]): string {
  const [all, part] = [blockSteps(plan.steps), blockSteps(steps)] as [BlockStep[], BlockStep[]];
  const before = only.length > 0 ? 0 : all.findIndex(({ name }) => name === part[0]?.name);
  const names = part.map(({ name }) => name);
  const which = only.length > 0 || names.length < 3 ? names.join(', ') : `${names[0]} to ${names.at(-1)}`;
  const left =
    before > 0 ? `what comes before (${count(before, 'block')}) is not run` : 'no other block is run';
  return `of ${plan.procedure}, ${part.length} of ${count(all.length, 'block')} are rehearsed, ${which}: ${left}, and this vouches for no run`;
}
