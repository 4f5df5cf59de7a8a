import type { ParsedScript, Redirection } from 'unbash';
import { type Argument, argumentOf } from './argument.ts';
import { isShell, runBy, shellStart, suCode } from './runners.ts';
import { codeOfHereDocument, codeOfWords, type Source, sourceWithin, wholeSource } from './source.ts';
import { childrenOf, firstFault, type Node, type NodeOf, parseShell, type SyntaxFault } from './syntax.ts';

/** A block’s code, read once. Every offset is one of its text, in UTF-16 units. */
export interface Script {
  text: string;
  /** The first thing that bash refuses to read; null where it reads all of it. */
  fault: SyntaxFault | null;
  /** The block’s own shell first, then each one that is started with code that stands here. */
  shells: Shell[];
  /** Every command, in the order of the text; one that runs another is followed by that one. */
  calls: Call[];
}

/** Code that one shell runs. */
export interface Shell {
  source: Source;
  script: ParsedScript;
  /** What starts it; null for the block’s own, which has `set -euo pipefail`. */
  by: Call | null;
  errexit: boolean;
  pipefail: boolean;
}

/** What a command reads. */
export type Input = { kind: 'pipe'; from: Node } | { kind: 'file' } | { kind: 'text'; text: string };

/** In what surroundings a command runs. */
interface Surroundings {
  /** What its standard input is; null where nothing says so. */
  input: Input | null;
  /** What runs it, outermost first: `docker` of `docker compose exec db psql`. */
  within: readonly Call[];
  /** It runs in a container or on another machine. */
  elsewhere: boolean;
  /** What it prints goes into a pipe. */
  piped: boolean;
  /** It is waited for by nobody. */
  background: boolean;
  /** It stands in `$(…)`, and what it prints is no output of the block. */
  substituted: boolean;
}

/** A program that is called, or a builtin or function. */
export interface Call extends Surroundings {
  /** Its name without its directory; null where it is only known once it has been expanded. */
  program: string | null;
  args: Argument[];
  offset: number;
  /** It is no command of its own, but what a function of the block does that is called here. */
  byFunction: boolean;
  command: NodeOf<'Command'>;
  shell: Shell;
}

/** Where a node stands. */
interface Context extends Surroundings {
  shell: Shell;
  source: Source;
}

/** Code in code in code, and programs that run programs: nobody reads further. */
const DEEPEST = 4;
const LONGEST = 16;

/** Reads a block’s code; `text` may have prompts, which are read as blanks. */
export const readScript = (text: string): Script => readCode(text, null, { errexit: true, pipefail: true });

/** Reads the code of a file that a call of a shell names: it begins with what the call switches on, and no more. */
export function readFileOf(by: Call, text: string): Script {
  const { errexit, pipefail } = shellStart(by.args);
  return readCode(text, by, { errexit, pipefail });
}

function readCode(text: string, by: Call | null, set: Pick<Shell, 'errexit' | 'pipefail'>): Script {
  const script = parseShell(text);
  const reader = new Reader();
  const source = wholeSource(text);
  const begins = beginsWith(script);
  const shell: Shell = {
    source,
    script,
    by,
    errexit: set.errexit || begins.errexit,
    pipefail: set.pipefail || begins.pipefail,
  };
  const fault = firstFault(script, text);
  reader.shell(shell, {
    input: null,
    within: [],
    elsewhere: false,
    piped: false,
    background: false,
    substituted: false,
  });
  reader.callFunctions();
  const calls = reader.calls.sort((a, b) => a.offset - b.offset);
  return { text, fault, shells: reader.shells, calls };
}

class Reader {
  readonly shells: Shell[] = [];
  readonly calls: Call[] = [];

  shell(shell: Shell, outer: Surroundings): void {
    this.shells.push(shell);
    this.visitAll(shell.script, { ...outer, shell, source: shell.source });
  }

  private visitAll(node: Node, context: Context): void {
    for (const child of childrenOf(node)) this.visit(child, context);
  }

  private visit(node: Node, context: Context): void {
    if (node.type === 'Command') this.command(node, context);
    else if (node.type === 'Statement')
      this.visitAll(node, { ...context, background: context.background || node.background === true });
    else if (node.type === 'Pipeline') this.pipeline(node, context);
    else if (node.type === 'Redirected')
      this.visitAll(node, { ...context, input: inputOf(node.redirects, context.source) ?? context.input });
    else if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution')
      this.substitution(node, context);
    else this.visitAll(node, context);
  }

  private pipeline(node: NodeOf<'Pipeline'>, context: Context): void {
    for (const [i, command] of node.commands.entries()) {
      const piped = context.piped || i < node.commands.length - 1;
      const from = node.commands[i - 1];
      this.visit(command, { ...context, piped, input: from ? { kind: 'pipe', from } : context.input });
    }
  }

  private substitution(
    node: NodeOf<'CommandExpansion'> | NodeOf<'ProcessSubstitution'>,
    context: Context,
  ): void {
    const { script } = node;
    if (!script) return;
    const source =
      script.source === undefined ? context.source : sourceWithin(script.source, context.source.at(node.pos));
    this.visitAll(script, { ...context, source, substituted: true, input: null });
  }

  private command(command: NodeOf<'Command'>, context: Context): void {
    this.visitAll(command, context);
    const words = wordsOf(command);
    if (words.length === 0) return;
    const { source } = context;
    const input = inputOf(command.redirects, source) ?? context.input;
    const args = words.map((word) => argumentOf(word, source));
    this.call(args, command, { ...context, input }, command.redirects);
  }

  /** A call of a program by its words, and whatever that one runs. */
  private call(
    words: readonly Argument[],
    command: NodeOf<'Command'>,
    context: Context,
    redirects: readonly Redirection[],
  ): void {
    const [name, ...args] = words;
    if (!name) return;
    const { shell, input, within, elsewhere, piped, background, substituted } = context;
    const program = name.value.includes('\0') ? null : (name.value.split('/').at(-1) ?? '');
    // Written out: what is put together of spreads takes ten times the memory, and a page has many of these.
    const call: Call = {
      program,
      args,
      offset: name.offset,
      byFunction: false,
      command,
      shell,
      input,
      within,
      elsewhere,
      piped,
      background,
      substituted,
    };
    this.calls.push(call);
    if (program === null || within.length >= LONGEST) return;
    const runs = runBy(program, args);
    // Most programs run no other, and what nobody asks for need not be made.
    const inner = (): Context => ({ ...context, within: [...within, call] });
    if (runs && !runs.asCode)
      this.call(runs.words, command, { ...inner(), elsewhere: elsewhere || runs.elsewhere }, redirects);
    else if (runs && startsShell(runs.words))
      this.call(runs.words, command, { ...inner(), elsewhere: true }, redirects);
    else if (runs) this.code(runs.words, call, { ...inner(), elsewhere: true }, {});
    else if (isShell(program)) this.startShell(call, inner(), redirects);
    else if (program === 'ssh') this.codeOfInput(call, { ...inner(), elsewhere: true }, redirects, {});
    else if (program === 'su') {
      const code = suCode(args);
      if (code) this.code([code], call, inner(), {});
    }
  }

  private startShell(call: Call, context: Context, redirects: readonly Redirection[]): void {
    const { code, readsInput, ...set } = shellStart(call.args);
    if (code) this.code([code], call, context, set);
    else if (readsInput) this.codeOfInput(call, context, redirects, set);
  }

  private code(words: readonly Argument[], by: Call, context: Context, set: Partial<Shell>): void {
    const nodes = words.map(({ node }) => node);
    this.inner(codeOfWords(nodes, context.source), by, context, set);
  }

  /** The here-document, the here-string, or what `echo` or `cat` pipes to it, that a shell reads as its code. */
  private codeOfInput(
    by: Call,
    context: Context,
    redirects: readonly Redirection[],
    set: Partial<Shell>,
  ): void {
    const { input, source: outer } = context;
    const source =
      codeGiven(redirects, outer) ?? (input?.kind === 'pipe' ? codePiped(input.from, outer) : null);
    if (source) this.inner(source, by, { ...context, input: null }, set);
  }

  private inner(source: Source, by: Call, context: Context, set: Partial<Shell>): void {
    if (context.within.filter(({ program }) => isShell(program) || program === 'ssh').length > DEEPEST)
      return;
    const script = parseShell(source.text);
    const begins = beginsWith(script);
    this.shell(
      {
        ...{ source, script, by },
        errexit: set.errexit === true || begins.errexit,
        pipefail: set.pipefail === true || begins.pipefail,
      },
      context,
    );
  }

  /** What a function that is one command does, at each place that calls it with what that command reads. */
  callFunctions(): void {
    const bodies = new Map(this.shells.flatMap(functionsOfOneCommand));
    const ofBody = new Map<NodeOf<'Command'>, Call[]>();
    for (const call of this.calls) ofBody.set(call.command, [...(ofBody.get(call.command) ?? []), call]);
    for (const call of [...this.calls]) {
      const body = bodies.get(call.program ?? '');
      if (!body || call.within.length > 0) continue;
      for (const one of ofBody.get(body) ?? []) {
        const args = one.args.flatMap((arg) => (arg.variable === '@' ? call.args : [arg]));
        const { offset, piped, substituted, background } = call;
        const input = one.input ?? call.input;
        this.calls.push({ ...one, args, offset, piped, substituted, background, input, byFunction: true });
      }
    }
  }
}

function codeGiven(redirects: readonly Redirection[], outer: Source): Source | null {
  const given = redirects.find((one) => one.type === 'HereDoc' || one.type === 'HereString');
  if (given?.type === 'HereDoc') return codeOfHereDocument(given, outer);
  return given?.target ? codeOfWords([given.target], outer) : null;
}

/** Of `printf`, and of `echo -e`, the text is another than it stands here. */
function codePiped(from: Node, outer: Source): Source | null {
  if (from.type !== 'Command') return null;
  const [name, ...words] = wordsOf(from);
  if (name?.value === 'cat' && words.every(({ value }) => value === '-'))
    return codeGiven(from.redirects, outer);
  return name?.value === 'echo' && !words[0]?.value.startsWith('-') ? codeOfWords(words, outer) : null;
}

/** `ssh host sudo bash -s`: the shell there starts another one, which reads what ssh is given. */
const startsShell = (words: readonly Argument[]): boolean =>
  words.every(({ value }) => /^[\w./=:@+-]+$/.test(value)) &&
  words.some(({ value }) => isShell(value.split('/').at(-1) ?? ''));

const wordsOf = ({ name, suffix }: NodeOf<'Command'>): NodeOf<'Word'>[] =>
  name ? [name, ...suffix.filter((part) => part.type === 'Word')] : [];

/** The last redirection of the standard input says what is read. */
function inputOf(redirects: readonly Redirection[], source: Source): Input | null {
  for (const one of [...redirects].reverse()) {
    if (one.descriptor?.type === 'FileDescriptor' && one.descriptor.value !== 0) continue;
    if (one.type === 'HereDoc') return { kind: 'text', text: one.body.text };
    if (one.type === 'HereString') {
      return { kind: 'text', text: one.target ? argumentOf(one.target, source).value : '' };
    }
    if (one.operator === '<' || one.operator === '<>') return { kind: 'file' };
  }
  return null;
}

/** What the `set` at the top of a script switches on. */
function beginsWith({ commands }: ParsedScript): { errexit: boolean; pipefail: boolean } {
  const begins = { errexit: false, pipefail: false };
  for (const { command } of commands.slice(0, 3)) {
    if (command.type !== 'Command' || command.name?.value !== 'set') continue;
    const words = wordsOf(command).map(({ value }) => value);
    begins.errexit ||= words.some((word) => /^-\w*e/.test(word)) || words.includes('errexit');
    begins.pipefail ||= words.includes('pipefail');
  }
  return begins;
}

function functionsOfOneCommand({ script }: Shell): [string, NodeOf<'Command'>][] {
  return script.commands.flatMap(({ command: node }) => {
    if (node.type !== 'Function' || node.body.type !== 'BraceGroup') return [];
    const [only, ...more] = node.body.body.commands;
    return only?.command.type === 'Command' && more.length === 0
      ? [[node.name.value, only.command] as [string, NodeOf<'Command'>]]
      : [];
  });
}
