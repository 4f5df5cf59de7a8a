import { dirname, resolve } from 'node:path';
import { checkDocument } from '../check/check.ts';
import type { Document } from '../document/document.ts';
import type { Event, RunStarted } from '../journal/event.ts';
import { type Followed, followJournal } from '../journal/follow.ts';
import { JournalError } from '../journal/journal.ts';
import { openJournals } from '../journal/journals.ts';
import { type Notebook, openNotebook, type Question, showFollowed } from '../notebook/notebook.ts';
import { serveNotebook, type Wish } from '../notebook/server.ts';
import type { Offer } from '../notebook/view.ts';
import { isMain, procedures } from '../plan/plan.ts';
import type { Screen } from '../report/screen.ts';
import { homeIn } from '../text/home.ts';
import type { Asking, Person } from './ask.ts';
import { besidePage } from './beside.ts';
import { down } from './down.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { requireHost } from './hosts.ts';
import { readDocument } from './read.ts';
import { type RehearseOptions, rehearse } from './rehearse.ts';
import { runOnHost } from './run.ts';
import { changesOf } from './watch.ts';

export interface OpenOptions extends Pick<RehearseOptions, 'replica' | 'data'> {
  /** The name of a host of the front matter; without it blocks run on a replica. */
  host?: string;
  /** Why a host's procedures are run although no rehearsal vouches for them. */
  unrehearsed?: string;
}

/**
 * Shows the page in a browser, where its blocks run: on a replica that stays until the command ends, or on a host, with
 * all that a run there asks and refuses. Closing the browser stops nothing; an interrupt stops what runs, and ends it.
 */
export async function open(
  path: string,
  options: OpenOptions,
  screen: Screen,
  person: Person,
): Promise<ExitStatus> {
  const document = await readDocument(path);
  if (options.host !== undefined) requireHost(document, options.host);
  const notebook = openNotebook(document, problemsOf(document), options.host === undefined);
  const home = homeIn(dirname(resolve(path)));
  const desk = openDesk(path, home, options, screen, notebook);
  await desk.lookBack();
  const server = await serveNotebook({ notebook, home, offer: desk.offer, wish: desk.wish });
  desk.onChange(server.changed);
  screen.write(`${path} is open at ${server.url}\n`);
  screen.write('Whoever has this address can run its blocks. Ctrl-C ends it.\n');
  try {
    for await (const _ of changesOf(path, person.interrupted)) {
      const next = await readDocument(path).catch(() => null);
      if (!next || next.sha256 === notebook.document.sha256) continue;
      notebook.turnTo(next, problemsOf(next));
      server.turned();
    }
  } finally {
    await desk.close();
    await server.close();
  }
  return EXIT.interrupted;
}

const problemsOf = (document: Document) => checkDocument(document, besidePage(document.path));

/** Where wishes are granted: it runs what is asked for, one at a time, and asks what a run asks. */
interface Desk {
  offer: Offer;
  wish(wish: Wish): Promise<string | null>;
  onChange(listener: () => void): void;
  /** Shows the newest run there, and follows it where another process is at work on it, until something is asked for. */
  lookBack(): Promise<void>;
  /** Ends what runs, and takes the replica down. */
  close(): Promise<void>;
}

function openDesk(
  path: string,
  home: string,
  options: OpenOptions,
  screen: Screen,
  notebook: Notebook,
): Desk {
  let changed: () => void = () => undefined;
  let replica: string | null = null;
  /** The run on the host that did not pass. */
  let open: Pick<RunStarted, 'id' | 'procedure'> | null = null;
  const looking = new AbortController();
  let lookingOn: Promise<void> | undefined;
  let going: { controller: AbortController; ended: Promise<void> } | null = null;
  const questions = askingBy(notebook, () => changed());

  const offer: Offer = {
    where: options.host ?? 'a replica',
    procedures: () => procedures(notebook.document),
    resumable: () => open?.id ?? null,
    parts: options.host === undefined,
  };
  const told: Screen = {
    ...{ columns: null, style: screen.style },
    write(text) {
      screen.write(text);
      notebook.say(text);
      changed();
    },
    watch(event: Event) {
      if (event.type === 'run-started') {
        if (options.host === undefined) replica = event.target.name;
        else open = event;
      }
      if (event.type === 'run-finished' && event.status === 'passed') open = null;
      notebook.take(event);
      changed();
    },
  };

  const perform = async (wish: Wish, asked: Person): Promise<unknown> => {
    if (options.host !== undefined)
      return runOnHost(path, { ...hostOptions(options), ...hostWish(wish, open) }, told, asked);
    const rehearsing: RehearseOptions = {
      ...{ replica: options.replica, data: options.data, all: false, alone: true },
      ...(replica === null ? { keep: true, keptUntil: 'ended' as const } : { keep: false, on: replica }),
      ...replicaWish(wish, notebook.document),
    };
    return rehearse(path, rehearsing, told, asked);
  };
  const look = (followed: Followed) => {
    showFollowed(notebook, followed);
    open = followed.isOver && options.host !== undefined ? unfinished(notebook) : null;
    changed();
  };
  const lookOn = async (coming: AsyncGenerator<Followed>) => {
    for await (const followed of coming) if (!looking.signal.aborted) look(followed);
  };
  const start = (wish: Wish) => {
    looking.abort();
    const controller = new AbortController();
    notebook.begin(wordsOf(wish));
    const asked: Person = {
      terminal: true,
      left: new AbortController().signal,
      interrupted: controller.signal,
      interrupt: () => controller.abort(),
      asking: questions.asking(controller.signal),
    };
    const isFirst = replica === null;
    const ended = perform(wish, asked)
      .catch((error: Error) => {
        // A rehearsal that could not go on has taken its replica down: the next one makes another.
        if (isFirst) replica = null;
        told.write(`${error.message}\n`);
        if (notebook.run) notebook.run.why ??= error.message;
      })
      .then(() => undefined)
      .finally(() => {
        going = null;
        notebook.rest();
        changed();
      });
    going = { controller, ended };
    changed();
  };

  return {
    offer,
    onChange(listener) {
      changed = listener;
    },
    async lookBack() {
      const directory = await newestRun(home, options.host);
      if (directory === null) return;
      const coming = followJournal(directory, looking.signal);
      try {
        const first = await coming.next();
        if (first.done) return;
        look(first.value);
        // What it gave is judged by what the page says now.
        notebook.turnTo(notebook.document, notebook.problems);
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        notebook.say(error.message);
        return;
      }
      lookingOn = lookOn(coming).catch((error: Error) => told.write(`${error.message}\n`));
    },
    async wish(wish) {
      if (wish.what === 'answer') return questions.answer(Number(wish.name), wish.answer);
      if (wish.what === 'stop') {
        if (!going) return 'Nothing runs.';
        going.controller.abort();
        return null;
      }
      if (going) return 'Something runs already: wait for it, or stop it.';
      if (notebook.problems.length > 0) return 'What the page says is to be mended first.';
      const against = refusalOf(wish, notebook.document, offer);
      if (against === null) start(wish);
      return against;
    },
    async close() {
      looking.abort();
      await lookingOn;
      going?.controller.abort();
      await going?.ended;
      if (replica !== null)
        await down(
          home,
          replica,
          () => undefined,
          () => undefined,
        );
    },
  };
}

/** The directory of the newest run on a host, or of the newest rehearsal; null where there is none. */
async function newestRun(home: string, host: string | undefined): Promise<string | null> {
  for await (const { started, directory } of openJournals(home).beginnings()) {
    const { kind, name } = started.target;
    if (host === undefined ? kind !== 'host' : kind === 'host' && name === host) return directory;
  }
  return null;
}

/** The run that a notebook shows, where it has not passed. */
const unfinished = ({ run }: Notebook): RunStarted | null =>
  run?.status === 'passed' ? null : (run?.started ?? null);

/** What stands against a wish that no button makes. */
function refusalOf({ what, name }: Wish, { blocks }: Document, offer: Offer): string | null {
  const isBlock = blocks.some((block) => block.name === name);
  if (what === 'block' && isBlock) return null;
  if (what === 'procedure' && offer.procedures().includes(name)) return null;
  if (offer.parts && (what === 'until' || what === 'from') && isBlock) return null;
  if (what === 'resume' && name === offer.resumable()) return null;
  return `There is no ${what} ${name} to run here.`;
}

const wordsOf = ({ what, name }: Wish): string =>
  ({ until: `up to ${name}`, from: `from ${name} on`, resume: `going on with run ${name}` })[what] ?? name;

const hostOptions = ({ host = '', unrehearsed }: OpenOptions) => ({
  ...{ on: host, resume: false as const, yes: false, again: [], done: [], allow: [], acceptChanges: false },
  ...(unrehearsed === undefined ? {} : { unrehearsed }),
});

/** A run is gone on with as what it is of. */
const hostWish = ({ what, name }: Wish, open: Pick<RunStarted, 'id' | 'procedure'> | null) =>
  what === 'resume' && open ? { procedure: open.procedure, resume: open.id } : { procedure: name };

/** What of the page a wish is for: a block, a procedure, or a part of the procedure that a block stands in. */
function replicaWish(
  { what, name }: Wish,
  document: Document,
): Pick<RehearseOptions, 'procedure' | 'from' | 'until'> {
  if (what === 'block' || what === 'procedure') return { procedure: name };
  const section = document.blocks.find((block) => block.name === name)?.section;
  return { procedure: section && !isMain(document, section) ? section.path : null, [what]: name };
}

/** Questions that the page shows in its head, one after the other. */
function askingBy(notebook: Notebook, changed: () => void) {
  let answered: ((answer: string | null) => void) | null = null;
  let last = 0;
  const put = (kind: Question['kind'], message: string, signal: AbortSignal): Promise<string | null> => {
    if (signal.aborted) return Promise.resolve(null);
    return new Promise((resolve) => {
      const end = (answer: string | null) => {
        signal.removeEventListener('abort', giveUp);
        answered = null;
        notebook.question = null;
        changed();
        resolve(answer);
      };
      const giveUp = () => end(null);
      signal.addEventListener('abort', giveUp);
      answered = end;
      last += 1;
      notebook.question = { id: last, kind, message };
      changed();
    });
  };
  return {
    asking: (signal: AbortSignal): Asking => ({
      text: (message) => put('text', message, signal),
      secret: (message) => put('secret', message, signal),
      async yesOrNo(message) {
        const answer = await put('yes-or-no', message, signal);
        return answer === null ? null : answer === 'yes';
      },
    }),
    /** What stands against an answer: another browser has given one, or nothing is asked. */
    async answer(id: number, answer: string): Promise<string | null> {
      if (!answered || notebook.question?.id !== id) return 'This question has been answered already.';
      answered(answer);
      return null;
    },
  };
}
