import type { Block, Document } from '../document/document.ts';
import type { Earlier, EarlierBlock } from '../journal/earlier.ts';
import type { LeftVariables } from '../journal/exported.ts';
import { isMasked } from '../journal/secrets.ts';
import { gatesOf } from '../plan/gate.ts';
import { type BlockStep, blockSteps, type Plan } from '../plan/plan.ts';
import { isChanged, makeResumption, type Resumption } from '../plan/resumption.ts';
import { showAge } from '../text/duration.ts';
import { usesVariable } from '../text/implicit.ts';
import { suggestion } from '../text/nearest.ts';
import type { Before } from './earlier.ts';
import { inWords } from './earlier.ts';
import { CommandError, EXIT } from './exit.ts';
import { isOpenToWords, type Open, type Settled, settle, type Words } from './settle.ts';

/** What a person says beforehand of a run. */
export interface Said extends Words {
  /** Blocks that destroy, and may. */
  allow: readonly string[];
  acceptChanges: boolean;
}

/** A run that is about to begin: what it goes on from, and what somebody has still to say. */
export interface Beginning extends Settled {
  plan: Plan;
  before: Before;
  resumption: Resumption<EarlierBlock> | null;
  /** In what the plan and the host are others than they were, a line each. */
  changes: string[];
  /** Blocks that destroy and are not done. */
  gates: BlockStep[];
  hidden: Hidden[];
}

/** A variable whose value is a secret that no journal holds. */
export interface Hidden {
  name: string;
  /** The block that left it; null of one that stood in the tool's environment. */
  block: string | null;
  /** The run in which it did. */
  run: string;
  /** The blocks that use it. */
  users: string[];
}

/** What a run of a plan begins with. Throws CommandError where `said` speaks of blocks that need no such word. */
export function makeBeginning(plan: Plan, before: Before, document: Document, said: Said): Beginning {
  const { resumed, since, left } = before;
  const resumption = resumed && makeResumption(plan, resumed.blocks);
  const settled = resumption ? settle(resumption, said, document) : NOTHING;
  const done = new Set(settled.carried.map(({ name }) => name));
  const gates = gatesOf(plan).filter(
    ({ name, block }) => !done.has(name) && (block.language === 'sql' || !settled.begun.has(name)),
  );
  const asked = resumption ? resumption.blocks.filter(isOpenToWords) : [];
  const names = asked.map(({ step }) => step.name);
  refuseOthers('--again', said.again, names, 'needs no decision');
  refuseOthers('--done', said.done, names, 'needs no decision');
  const destroying = gatesOf(plan).map(({ name }) => name);
  refuseOthers('--allow', said.allow, destroying, 'is no block of this procedure that destroys');
  const running = [
    ...blockSteps(plan.steps).filter(({ name }) => !done.has(name)),
    ...[...settled.probes.values()].map(({ step }) => step),
  ].map(({ block }) => block);
  return {
    ...settled,
    ...{ plan, before, resumption, gates },
    changes: [...(resumption ? changesOf(resumption) : []), ...since.map(sinceThen)],
    hidden: [...hiddenOf(left, running), ...hiddenHere(resumed?.environmentSecrets ?? {}, left, running)],
  };
}

const NOTHING: Settled = { carried: [], begun: new Map(), probes: new Map(), open: [] };

function refuseOthers(option: string, given: readonly string[], known: string[], why: string): void {
  const other = given.find((name) => !known.includes(name));
  if (other === undefined) return;
  const remedy = known.length > 0 ? suggestion(other, known) : 'leave it out';
  throw new CommandError(EXIT.refused, `${option} ${other}: \`${other}\` ${why}: ${remedy}`);
}

function changesOf(resumption: Resumption<EarlierBlock>): string[] {
  if (!isChanged(resumption)) return [];
  const { changed, renamed, inserted, removed } = resumption;
  const lists: [string, string[]][] = [
    ['changed', changed],
    ['renamed', renamed.map(({ from, to }) => `${from} is now ${to}`)],
    ['inserted', inserted],
    ['removed', removed],
  ];
  return lists.flatMap(([what, names]) => (names.length > 0 ? [`${what}: ${names.join(', ')}`] : []));
}

const sinceThen = (run: Earlier) => `another run has written on the host since: ${inWords(run)}`;

/** The variables that runs left and blocks use, by name or through a program, and nobody knows any more. */
function hiddenOf(left: LeftVariables, running: Block[]): Hidden[] {
  return Object.entries(left).flatMap(([name, { value, block, run }]) => {
    const users = isMasked(value) ? running.filter(({ text }) => usesVariable(text, name)) : [];
    return users.length > 0 ? [{ name, block, run, users: users.map((user) => user.name) }] : [];
  });
}

/** As hiddenOf, of those that a block on this machine had from the environment of an earlier tool. */
function hiddenHere(secrets: Record<string, string>, left: LeftVariables, running: Block[]): Hidden[] {
  const here = running.filter(({ on, language }) => on === 'local' && language !== 'sql');
  return Object.entries(secrets).flatMap(([name, run]) => {
    const users = name in left ? [] : here.filter(({ text }) => usesVariable(text, name));
    return users.length > 0 ? [{ name, block: null, run, users: users.map((user) => user.name) }] : [];
  });
}

/** Where a secret was known, and what for: `TOKEN, which login left and fetch uses`; `when` says more of the former. */
export const describeHidden = ({ name, block, users }: Hidden, when = ''): string =>
  `${name}, which ${block === null ? 'the environment held' : `${block} left`}${when} and ${users.join(', ')} uses`;

/** Why a block is not simply run: `failed in run 2026…, 14 minutes ago (exit status 1)`. */
export function whyOpen({ earlier, changed }: Open): string {
  const { state, from, why } = earlier;
  const age = showAge(Date.now() - Date.parse(from.at));
  const what = { failed: 'failed', unknown: 'ended nobody knows how', passed: 'passed' }[state as 'failed'];
  const stood = `${what ?? 'was begun'} in run ${from.run}, ${age}${why ? ` (${why})` : ''}`;
  return changed ? `${stood}, and does something else since` : stood;
}

/** The values of the variables that blocks are given: without those that nobody knows, and with what was said of them. */
export function knownVariables(left: LeftVariables, said: Record<string, string>): LeftVariables {
  const known = Object.entries(left).flatMap(([name, from]) => {
    const value = said[name] ?? (isMasked(from.value) ? null : from.value);
    return value === null ? [] : [[name, { ...from, value }] as const];
  });
  return Object.fromEntries(known);
}
