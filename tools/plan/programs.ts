import type { Block } from '../document/document.ts';
import type { Place } from '../document/problem.ts';
import { everyNode, type Node, type NodeOf, parseShell } from '../shell/syntax.ts';
import { placeIn } from '../text/place.ts';

/** A program that a block calls, and where it calls it first. */
export interface ProgramCall extends Place {
  program: string;
  block: string;
}

/** What a shell has in itself: bash’s own commands. */
const BUILTINS = new Set(
  (
    '. : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo ' +
    'enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd ' +
    'printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type ' +
    'typeset ulimit umask unalias unset wait'
  ).split(' '),
);

/** They run the program that their next words name. */
const RUNNERS = new Set(['command', 'exec', 'env', 'nohup', 'builtin']);

/** They ask whether a program is there: a block that asks knows what to do without. */
const ASKERS = new Set(['command', 'type', 'hash', 'which']);

type Command = NodeOf<'Command'>;
type Word = NodeOf<'Word'>;

/**
 * The programs that a shell block calls by their names, each once, as bash’s grammar has them: no builtin, no function or
 * alias of its own, no path, and nothing that a variable names. A block that changes PATH or reads other scripts is not
 * understood, and calls none.
 */
export function programsOf(block: Block): ProgramCall[] {
  if (block.language === 'sql') return [];
  const script = parseShell(block.text);
  const nodes = everyNode(script);
  const commands = nodes.filter((node): node is Command => node.type === 'Command');
  if (nodes.some(changesPath) || commands.some(readsScripts)) return [];
  const own = new Set([
    ...nodes.flatMap(functionName),
    ...commands.flatMap(aliases),
    ...commands.flatMap(asked),
  ]);
  const calls = new Map<string, ProgramCall>();
  for (const { program, pos } of commands.flatMap(called).sort((a, b) => a.pos - b.pos)) {
    if (own.has(program) || BUILTINS.has(program) || calls.has(program)) continue;
    calls.set(program, { program, block: block.name, ...placeIn(block.text, pos, block.body) });
  }
  return [...calls.values()];
}

/** A word that stands for itself; null where something in it is expanded, or it is a path. */
function plain(word: Word | undefined): string | null {
  const literal = word?.parts?.every(({ type }) => type === 'Literal' || type === 'SingleQuoted') ?? true;
  return word && literal && /^[\w.+:[-]+$/.test(word.value) ? word.value : null;
}

const words = ({ suffix }: Command): Word[] => suffix.filter((part): part is Word => part.type === 'Word');

/** The command itself and, of one that runs another, that one. */
function called(command: Command): { program: string; pos: number }[] {
  const name = plain(command.name);
  if (name === null || command.name === undefined) return [];
  const itself = { program: name, pos: command.name.pos };
  if (!RUNNERS.has(name) || asked(command).length > 0) return [itself];
  const next = words(command).find(({ text }) => !text.startsWith('-') && !/^\w+=/.test(text));
  const program = plain(next);
  return next && program !== null ? [itself, { program, pos: next.pos }] : [itself];
}

/** The programs whose being there a command asks for. */
function asked(command: Command): string[] {
  const name = plain(command.name);
  if (name === null || !ASKERS.has(name)) return [];
  const given = words(command).map(({ value }) => value);
  if (name === 'command' && !given.some((word) => /^-\w*[vV]/.test(word))) return [];
  return given.filter((word) => !word.startsWith('-'));
}

const functionName = (node: Node): string[] => (node.type === 'Function' ? [node.name.value] : []);

const aliases = ({ name, suffix }: Command): string[] =>
  plain(name) === 'alias' ? suffix.flatMap((part) => (part.type === 'Assignment' ? [part.name] : [])) : [];

const changesPath = (node: Node): boolean => node.type === 'Assignment' && node.name === 'PATH';

const readsScripts = (command: Command): boolean =>
  ['.', 'source', 'eval'].includes(plain(command.name) ?? '');
