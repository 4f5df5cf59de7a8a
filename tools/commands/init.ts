import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { adoptPage } from '../adopt/adopt.ts';
import { specFile, workflowFile } from '../adopt/beside.ts';
import { type DraftFacts, draftRunbook, frontMatterOf } from '../adopt/draft.ts';
import { checkDocument } from '../check/check.ts';
import { mend } from '../check/mend.ts';
import { decode } from '../document/decode.ts';
import { refusedImage } from '../document/front-matter.ts';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import { composeFileIn, type FoundServer, readFoundStack } from '../replica/found.ts';
import { StackError } from '../replica/stack.ts';
import { applyEdits } from '../text/edit.ts';
import { nearest } from '../text/nearest.ts';
import { askForText, nothingRun, type Person } from './ask.ts';
import { besidePage } from './beside.ts';
import { toolVersion } from './bytes.ts';
import { calledOn } from './called-on.ts';
import { CommandError, EXIT, type ExitStatus } from './exit.ts';
import { problemLines, readPage } from './page.ts';

export interface InitOptions {
  from?: string;
  compose?: string;
  service?: string;
  database?: string;
  host?: string;
}

/**
 * Writes a runbook at `path`, a spec and a workflow beside it; what is there already stays as it is. Asks, at a terminal,
 * what is not evident. Throws CommandError where a runbook is there, or where what is named is not.
 */
export async function init(
  path: string,
  options: InitOptions,
  person: Person,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const here = dirname(resolve(path));
  const page = options.from === undefined ? null : await readText(options.from);
  const facts = await gather(here, options, person);
  const text = page === null ? draftRunbook(facts) : adopted(path, page, facts);
  await writeNew(path, text);
  print(`wrote ${path}`);
  const name = relative(process.cwd(), resolve(path));
  const version = await toolVersion();
  const workflow = { page: name, version, hasDatabase: facts.database !== null, isStrict: page === null };
  const beside = {
    [join(here, `${basename(path, '.md')}.spec.ts`)]: specFile(name),
    '.github/workflows/runbook.yml': workflowFile(workflow),
  };
  for (const [file, content] of Object.entries(beside)) print(await writeBeside(file, content));
  if (!(await isIgnored())) print('add .runbook/ to .gitignore: runs and replicas are kept there');
  return conclusion(path, page !== null, print);
}

/** Throws CommandError where it is not there, or no text: what is not understood cannot be kept as it is. */
async function readText(from: string): Promise<string> {
  const decoded = decode(await readPage(from));
  if ('text' in decoded) return decoded.text;
  throw new CommandError(EXIT.refused, problemLines(from, [decoded.problem]).join('\n'));
}

/** A page as a runbook, with what has one right remedy mended at once. */
function adopted(path: string, page: string, facts: DraftFacts): string {
  const text = adoptPage(page, frontMatterOf(facts));
  const look = (source: string) =>
    checkDocument(parseDocument(path, new TextEncoder().encode(source), HOST_KINDS));
  return applyEdits(text, mend(text, look));
}

async function gather(here: string, options: InitOptions, person: Person): Promise<DraftFacts> {
  const title = sentence(basename(here));
  const host = await hostOf(options.host, person);
  if (options.database !== undefined) {
    const why = refusedImage(options.database);
    if (why !== null) throw new CommandError(EXIT.refused, `--database: ${options.database} ${why}`);
    return { title, host, database: { image: options.database }, stack: null, ports: [] };
  }
  const file = options.compose === undefined ? composeFileIn(here) : relative(here, resolve(options.compose));
  if (file === null) return { title, host, database: null, stack: null, ports: [] };
  const { servers, ports } = await readFoundStack(resolve(here, file)).catch((error: Error) => {
    throw error instanceof StackError ? new CommandError(EXIT.refused, error.message) : error;
  });
  const database = await serverOf(servers, options.service, file, person);
  return { title, host, database, stack: file, ports };
}

/** `shop-web` is a fine name of a directory, and `Shop web` a better heading. */
const sentence = (name: string) => {
  const words = name.replaceAll(/[-_.]+/g, ' ').trim();
  return words === '' ? 'Runbook' : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

const ADDRESS = /^([^\s:]+):(\/.*)$/;

async function hostOf(given: string | undefined, person: Person): Promise<DraftFacts['host']> {
  const question = 'Where is it run for real? user@host:/directory, or nothing if you do not know yet';
  const said = given ?? (await answer(question, person)) ?? '';
  if (said.trim() === '') return null;
  const [, ssh, directory] = ADDRESS.exec(said.trim()) ?? [];
  if (ssh && directory) return { ssh, directory };
  throw new CommandError(EXIT.refused, `${said} is no address: write user@host:/directory`);
}

async function serverOf(
  servers: FoundServer[],
  given: string | undefined,
  file: string,
  person: Person,
): Promise<FoundServer | null> {
  const names = servers.map(({ service }) => service);
  const [first] = servers;
  if (given === undefined && servers.length <= 1) return first ?? null;
  const question = `Which service does it change? ${names.join(', ')}`;
  const said = given ?? (await answer(question, person)) ?? '';
  const found = servers.find(({ service }) => service === said.trim());
  if (found) return found;
  const meant = nearest(said, names);
  const remedy = meant
    ? `did you mean ${meant}?`
    : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ') || 'none'}`;
  throw new CommandError(
    EXIT.refused,
    said === ''
      ? `${file} has several PostgreSQL services: say which with --service ${names.join('|')}`
      : `${file} has no PostgreSQL service ${said}: ${remedy}`,
  );
}

/** Null where nobody is there to be asked. Throws CommandError where the person gives up. */
async function answer(question: string, person: Person): Promise<string | null> {
  if (!person.terminal) return null;
  const said = await askForText(question, person);
  if (said === null && person.interrupted.aborted) throw nothingRun();
  return said;
}

async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(resolve(path)), { recursive: true });
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EEXIST'
      ? new CommandError(
          EXIT.refused,
          `${path} is there already: name another with --runbook, or move it away`,
        )
      : new CommandError(EXIT.cannotRun, `${path} cannot be written: ${error.message}`);
  });
}

/** What is there may be somebody's work. */
async function writeBeside(file: string, content: string): Promise<string> {
  const shown = relative(process.cwd(), resolve(file));
  try {
    await mkdir(dirname(resolve(file)), { recursive: true });
    await writeFile(file, content, { flag: 'wx' });
    return `wrote ${shown}`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return `kept ${shown}, which was there`;
    throw new CommandError(EXIT.cannotRun, `${shown} cannot be written: ${message}`);
  }
}

/** Whether git is told of what rehearsals leave, as far as one file here tells. */
async function isIgnored(): Promise<boolean> {
  const lines = await readFile('.gitignore', 'utf8').catch(() => '');
  return /^\/?\.runbook\/?\s*$/m.test(lines);
}

/** What is to be done next: to rehearse, or what `check` says first. */
async function conclusion(
  path: string,
  isAdopted: boolean,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const document = parseDocument(path, await readFile(path), HOST_KINDS);
  const problems = checkDocument(document, besidePage(path));
  if (problems.length === 0) {
    print(`rehearse it with: ${calledOn(path)} rehearse`);
    return EXIT.passed;
  }
  if (isAdopted) print(`${problems.length} things are left to be done by hand:`);
  for (const line of problemLines(path, problems)) print(line);
  print(`then look again with: ${calledOn(path)} check`);
  return EXIT.failed;
}
