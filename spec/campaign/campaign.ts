import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';
import { type Chance, chanceOf } from '../support/chance.ts';
import { FAULTS, type Fault } from './faults.ts';
import { type Fingerprint, makeNight, type Night } from './night.ts';

/** One disturbance, and how the operator came out of it. */
export interface Struck {
  procedure: string;
  fault: string;
  block: string;
  /** `at its boundary`, or how long after it had begun. */
  when: string;
  /** How often the tool was called until the procedure had passed. */
  calls: number;
}

export interface CampaignReport {
  seed: number;
  struck: Struck[];
  /** What was not as it must be, a sentence each. */
  wrongs: string[];
}

export interface CampaignOptions {
  /** Decides where and when each fault strikes; the same seed is the same campaign, but for the machine's own time. */
  seed: number;
  /** Strikes at so many places of each procedure with each fault; null: at every one. */
  strikes: number | null;
  faults?: readonly Fault[];
  /** One after the other, each of which begins with what the one before left. */
  procedures?: readonly string[];
  /** A file that all that the tool printed is written to. */
  transcript: string;
  say: (line: string) => void;
}

/** The procedures of a night that goes there and back again. Each is a state that the next begins with. */
const PROCEDURES = ['main', 'rollback-procedure/option-b', 'main', 'rollback-procedure/option-a'];

/** A run that has not passed after so many calls never will. */
const MOST_CALLS = 15;

/**
 * Runs a night undisturbed, then one for each fault, in which that strikes at the boundary and in the middle of blocks,
 * and the run is resumed until it has passed. In the end everything must be as it was after the undisturbed night.
 */
export async function campaign({
  seed,
  strikes,
  faults = FAULTS,
  procedures = PROCEDURES,
  transcript,
  say,
}: CampaignOptions): Promise<CampaignReport> {
  const night = await makeNight(transcript);
  const report: CampaignReport = { seed, struck: [], wrongs: [] };
  try {
    const calm = await undisturbed(night, procedures);
    for (const fault of faults) {
      const chance = chanceOf(`${seed} ${fault.name}`);
      say(`${fault.name} …`);
      await night.begin();
      for (const [i, procedure] of procedures.entries()) {
        const disturbed: Disturbed = { night, fault, procedure, chance, strikes, calm: calm[i] as Calm };
        await disturb(disturbed, report, say);
      }
    }
    return report;
  } finally {
    await night.close();
  }
}

/** What an undisturbed run of a procedure comes to. */
interface Calm {
  blocks: string[];
  database: Fingerprint;
  ledger: string[];
}

async function undisturbed(night: Night, procedures: readonly string[]): Promise<Calm[]> {
  const calm: Calm[] = [];
  for (const procedure of procedures) {
    await night.forgetLedger();
    const blocks: string[] = [];
    const { ended } = night.start(procedure, optionsFor(procedure), (name) => blocks.push(name));
    const { status, said } = await ended;
    if (status !== 0) throw new Error(`${procedure} does not pass undisturbed:\n${said}`);
    calm.push({ blocks, database: await night.database(), ledger: await night.ledger() });
  }
  return calm;
}

interface Disturbed {
  night: Night;
  fault: Fault;
  procedure: string;
  chance: Chance;
  strikes: number | null;
  calm: Calm;
}

/** Where a fault strikes: when the block of this name begins, or so many milliseconds later. */
interface Place {
  block: string;
  afterMs: number;
}

async function disturb(disturbed: Disturbed, report: CampaignReport, say: (line: string) => void) {
  const { night, procedure, calm, fault } = disturbed;
  await night.forgetLedger();
  const places = placesFor(disturbed);
  const decided = new Set<string>();
  const again: string[] = [];
  let calls = 0;
  let isBegun = false;
  let last = { status: undefined as number | undefined, said: '' };
  let struck: Struck[] = [];
  for (; calls < MOST_CALLS + calm.blocks.length * 3; calls++) {
    const options = [
      ...optionsFor(procedure),
      ...(isBegun ? ['--resume', '--accept-changes'] : []),
      ...flags(decided),
    ];
    decided.clear();
    const call = await once(disturbed, options, places);
    for (const { block, afterMs } of call.hit) {
      const when = afterMs === 0 ? 'at its boundary' : `${afterMs} ms after it began`;
      struck.push({ procedure, fault: fault.name, block, when, calls: 1 });
      say(`  ${procedure}: ${block}, ${when}`);
    }
    last = call;
    // The fault struck after its last event: the call before had passed, and this one says so.
    if (isBegun && /^there is no unfinished run .*, passed, /m.test(call.said)) last = { ...call, status: 0 };
    if (last.status === 0) break;
    // One that was kept out by what the run before had left has begun nothing.
    isBegun = !/^there is no unfinished run/m.test(call.said);
    // As the page says: the api speaks of a server that was away until it is restarted.
    if (/^ {2}failed +api-database\b/m.test(call.said)) await night.restart('api');
    for (const name of asked(call.said)) {
      decided.add(name);
      again.push(name);
    }
  }
  struck = struck.map((one) => ({ ...one, calls: calls + 1 }));
  report.struck.push(...struck);
  const where = `${fault.name}, ${procedure}`;
  const wrong = (words: string) => report.wrongs.push(`${where}: ${words}`);
  if (last.status !== 0) wrong(`it never passed; the last call ended with ${last.status}:\n${last.said}`);
  const ledger = await night.ledger();
  for (const words of ledgerWrongs(ledger, calm.ledger, fault, again)) wrong(words);
  const different = differences(await night.database(), calm.database);
  if (different.length > 0) wrong(`the database is another one: ${different.join(', ')}`);
  const left = await night.leftovers();
  if (left.length > 0) wrong(`left on the host: ${left.join(', ')}`);
}

/** Both places of every block; or one of so many blocks. */
function placesFor({ calm, chance, strikes }: Disturbed): Place[] {
  const placesOf = (block: string): [Place, Place] => [
    { block, afterMs: 0 },
    { block, afterMs: 1 + chance.below(400) },
  ];
  if (strikes === null) return calm.blocks.flatMap(placesOf);
  return chance.some(calm.blocks, strikes).map((block) => placesOf(block)[chance.below(2)] as Place);
}

/**
 * Calls the tool once. A place of each block that begins is struck, and taken off the list, until the tool has ended:
 * a fault may be one that it outlives.
 */
async function once({ night, fault, procedure }: Disturbed, options: string[], places: Place[]) {
  const hit: Place[] = [];
  const striking: Promise<void>[] = [];
  const operator = night.start(procedure, options, (name) => {
    const at = places.findIndex(({ block }) => block === name);
    const [place] = at < 0 ? [] : places.splice(at, 1);
    if (!place) return;
    hit.push(place);
    const strike = wait(place.afterMs).then(() => fault.strike(night, operator));
    // That one could not strike is told once the tool has ended.
    strike.catch(() => undefined);
    striking.push(strike);
  });
  const { status, said } = await operator.ended;
  await Promise.all(striking);
  return { status, said, hit };
}

/** What the ledger must say: each block once, unless it was decided that one that had been ended may begin again. */
function ledgerWrongs(ledger: string[], calm: string[], { endsBlocks }: Fault, again: string[]): string[] {
  const count = (lines: string[], line: string) => lines.filter((one) => one === line).length;
  return [...new Set([...calm, ...ledger])].flatMap((line) => {
    const name = line.split(' ')[1] ?? '';
    const [is, was] = [count(ledger, line), count(calm, line)];
    const decisions = again.filter((one) => one === name).length;
    if (is >= was && is <= was + decisions) return [];
    // A probe says that a block is done though its last words were never written.
    if (endsBlocks && line.startsWith('end ') && is < was) return [];
    if (endsBlocks && line.startsWith('begin ') && is > was) return [];
    return [`the ledger has “${line}” ${is} times, and undisturbed ${was} times`];
  });
}

/** What of two databases is not the same. */
function differences(one: Fingerprint, other: Fingerprint): string[] {
  const flat = ({ catalog, data }: Fingerprint): [string, unknown][] => [
    ...Object.entries(catalog).flatMap(([kind, all]) =>
      Object.entries(all as object).map(([name, what]): [string, unknown] => [`${kind} ${name}`, what]),
    ),
    ...Object.entries(data),
  ];
  const [ones, others] = [new Map(flat(one)), new Map(flat(other))];
  const names = [...new Set([...ones.keys(), ...others.keys()])];
  return names.filter((name) => !isDeepStrictEqual(ones.get(name), others.get(name)));
}

const optionsFor = (procedure: string): string[] => [
  ...['--yes', '--unrehearsed', 'a campaign'],
  ...gatesOf(procedure).flatMap((name) => ['--allow', name]),
];

/** The blocks of a procedure that destroy. */
function gatesOf(procedure: string): string[] {
  const { blocks } = parseDocument('runbook.md', readFileSync('runbook.md'), HOST_KINDS);
  return blocks
    .filter(({ section, effect }) => section.path === procedure && effect === 'destroys')
    .map(({ name }) => name);
}

const flags = (decided: Set<string>): string[] => [...decided].flatMap((name) => ['--again', name]);

/** The blocks that a refusal asks a decision for. */
const asked = (said: string): string[] => [
  ...new Set([...said.matchAll(/--again ([\w-]+)/g)].map(([, name = '']) => name)),
];
