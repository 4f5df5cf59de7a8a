import type { Block, Document } from '../document/document.ts';
import type { Problem } from '../document/problem.ts';
import type { BlockCarried, BlockFacts, BlockFinished, Event, RunStarted } from '../journal/event.ts';
import { isPictureName, runOfFiles } from '../journal/files.ts';
import type { Followed } from '../journal/follow.ts';
import { judge, outcomeUnknown } from '../outcome/judge.ts';
import { factsOf } from '../perform.ts';
import type { BlockView, Running } from '../report/html/block.ts';
import { blockReport } from '../report/report.ts';

/** A page that is looked at while its blocks run: what is known of each of them, and what goes on. */
export interface Notebook {
  document: Document;
  problems: Problem[];
  /** What is known of the run that goes on, or was the last; null before the first. */
  run: RunState | null;
  /** What the person is asked; null where it is nothing. */
  question: Question | null;
  /** Lines of the tool's own, the newest last. */
  said: string[];
  /** Every block of the page, in its order; one that has not changed is the same object as before. */
  views(): BlockView[];
  /** The page has been saved: results of blocks that do the same stay, and are judged by what is expected now. */
  turnTo(document: Document, problems: Problem[]): void;
  take(event: Event): void;
  say(line: string): void;
  /** Something was asked for that runs blocks; until `rest` nothing else may. */
  begin(what: string): void;
  /** Nothing runs any more. Of a run that has not said so itself, `why` says what has ended it. */
  rest(why?: string): void;
}

export interface RunState {
  /** What was asked for, in words. */
  what: string;
  /** Whether it goes on. */
  isOpen: boolean;
  started: RunStarted | null;
  status: string;
  why: string | null;
  /** How long its blocks took, by name, in milliseconds. */
  took: Map<string, number>;
  /** The block that runs. */
  now: { name: string; since: string } | null;
  /** Its events but for what blocks printed. */
  events: Event[];
}

/** Something that a person has to say; `secret` is shown to nobody. */
export interface Question {
  id: number;
  kind: 'yes-or-no' | 'text' | 'secret';
  message: string;
}

/** What a block that runs has printed is shown from its end. */
const MOST_LINES = 200;
const MOST_SAID = 200;

type Ended = BlockFinished | BlockCarried;

/** Where a browser has a picture from that a block left in the directory of a run. */
export const addressOfPicture = (run: string, name: string): string =>
  `/picture?${new URLSearchParams({ run, name })}`;

export function openNotebook(document: Document, problems: Problem[], examples: boolean): Notebook {
  /**
   * How the block of each name ended last, and the run that has what it left. It is shown beside a block that does the
   * same, and kept while the page has none: a page may be read half written, and what was cut may be put back.
   */
  const ended = new Map<string, { block: Block; event: Ended; run: string }>();
  const running = new Map<string, Running>();
  /** Views that nothing has changed since they were made: of thousands of blocks, one or two change at a time. */
  const made = new Map<string, BlockView>();

  /** The blocks of the page that the run's events speak of, by their names there. */
  let blocksOfRun = new Map<string, Block>();
  const blockOf = (name: string) => blocksOfRun.get(name) ?? null;
  /** A run may have begun before the page was saved. */
  const findBlocks = () => {
    const planned = notebook.run?.started?.blocks.filter(({ probe_of }) => probe_of === undefined) ?? [];
    blocksOfRun = new Map(
      planned.flatMap((facts): [string, Block][] => {
        const block = blockLike(facts, notebook.document);
        return block ? [[facts.name, block]] : [];
      }),
    );
  };
  const endOf = (block: Block) => {
    const one = ended.get(block.name);
    return one?.block.key === block.key ? one : null;
  };
  const changed = (name: string) => void made.delete(name);
  const start = (run: RunState, name: string, at: string, attempt: number) => {
    run.now = { name, since: attempt > 1 && run.now ? run.now.since : at };
    const block = blockOf(name);
    if (block) changed(block.name);
    if (block) running.set(block.name, { since: run.now.since, attempt, lines: [], before: 0 });
  };
  const end = (run: RunState, event: Ended) => {
    run.now = null;
    const block = blockOf(event.name);
    if (!block) return;
    changed(block.name);
    running.delete(block.name);
    // What a run did not get to takes nothing back of what an earlier one knows.
    if (event.outcome.status === 'not-run' && event.output === null && endOf(block)) return;
    ended.set(block.name, { block, event, run: runOfFiles(event, run.started?.id ?? '') });
    if (event.outcome.status === 'passed') run.took.set(event.name, event.duration_ms);
  };
  const print = (name: string, line: string) => {
    const block = blockOf(name);
    const one = block && running.get(block.name);
    if (!one) return;
    changed(block.name);
    one.lines.push(line);
    if (one.lines.length <= MOST_LINES) return;
    one.lines.shift();
    one.before += 1;
  };
  const viewOf = (block: Block): BlockView => {
    const known = made.get(block.name);
    if (known) return known;
    const { event, run } = endOf(block) ?? { event: undefined, run: '' };
    const view: BlockView = {
      block: blockReport(factsOf(block, block.name), event),
      output: event?.output ?? null,
      running: running.get(block.name) ?? null,
      pictures: (event?.files ?? [])
        .filter(isPictureName)
        .map((name) => ({ name, address: addressOfPicture(run, name) })),
    };
    made.set(block.name, view);
    return view;
  };

  const notebook: Notebook = {
    document,
    problems,
    run: null,
    question: null,
    said: [],
    views: () => notebook.document.blocks.map(viewOf),
    turnTo(next, found) {
      notebook.document = next;
      notebook.problems = found;
      made.clear();
      findBlocks();
      for (const block of next.blocks) {
        const one = endOf(block);
        if (one) ended.set(block.name, { ...one, block, event: judgedBy(block, one.event, examples) });
      }
    },
    take(event) {
      const { run } = notebook;
      if (!run) return;
      if (event.type === 'block-printed') return print(event.name, event.line);
      run.events.push(event);
      if (event.type === 'run-started') {
        run.started = event;
        findBlocks();
      }
      if (event.type === 'block-started') start(run, event.name, event.at, event.attempt);
      if (event.type === 'block-finished' || event.type === 'block-carried') end(run, event);
      if (event.type === 'run-finished')
        Object.assign(run, { status: event.status, why: event.why, now: null });
    },
    say(line) {
      notebook.said.push(...line.split('\n').filter((one) => one.trim() !== ''));
      notebook.said.splice(0, Math.max(0, notebook.said.length - MOST_SAID));
    },
    begin(what) {
      notebook.run = {
        ...{ what, isOpen: true, started: null, status: 'running', why: null, now: null },
        ...{ took: new Map(), events: [] },
      };
    },
    rest(why) {
      const { run } = notebook;
      if (run?.status === 'running' && why !== undefined) {
        run.why = why;
        const block = run.now && blockOf(run.now.name);
        if (run.now && block) end(run, unknownEnd(block, run.now.name, why));
      }
      for (const name of running.keys()) changed(name);
      running.clear();
      notebook.question = null;
      if (!run) return;
      Object.assign(run, { isOpen: false, now: null });
      if (run.status === 'running') run.status = 'aborted';
    },
  };
  return notebook;
}

/** Shows what has come of a run that another process writes, or has written. */
export function showFollowed(notebook: Notebook, { events, isOver }: Followed): void {
  for (const event of events) {
    if (event.type === 'run-started') notebook.begin(`${event.procedure}, run ${event.id}`);
    notebook.take(event);
  }
  if (isOver) notebook.rest('its process was killed');
}

/** Of a block that had begun when its run ended without a word: nobody can say from here how it ended. */
const unknownEnd = (block: Block, name: string, why: string): BlockFinished => ({
  ...{ type: 'block-finished', at: new Date().toISOString(), name, output: null, duration_ms: 0 },
  outcome: outcomeUnknown(block, `how it ended is unknown: ${why}`),
});

/** The block of a page that does what these facts say: of the same name, or where it has another one now, of the same key. */
const blockLike = ({ name, key }: BlockFacts, { blocks }: Document): Block | null =>
  blocks.find((block) => block.name === name && block.key === key) ??
  blocks.find((block) => block.key === key) ??
  null;

/** What the block gave, judged by what is expected of it now. */
function judgedBy(block: Block, event: Ended, examples: boolean): Ended {
  if (event.output === null) return event;
  return { ...event, outcome: judge(block, event.output, { examples }) };
}
