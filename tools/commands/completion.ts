import { readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Option } from 'commander';
import type { Document } from '../document/document.ts';
import { hostNames } from '../document/front-matter.ts';
import { procedures } from '../plan/plan.ts';
import { homeIn, runsOf } from '../text/home.ts';
import type { CommandDefinition } from './command.ts';
import type { CompletedShell } from './formats.ts';
import { readDocument } from './read.ts';
import { replicaIdsIn } from './replica-ids.ts';

/**
 * What a shell's startup file says. All three ask this tool for what the words can go on with, and fall back on names of
 * files where it knows nothing.
 */
export const scriptFor = (shell: CompletedShell): string[] => SCRIPTS[shell];

const SCRIPTS: Record<CompletedShell, string[]> = {
  bash: [
    '# For ~/.bashrc: eval "$(runbook completion bash)"',
    '_runbook() {',
    "  local IFS=$'\\n'",
    '  COMPREPLY=($("${COMP_WORDS[0]}" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))',
    '}',
    'complete -o default -F _runbook runbook',
  ],
  zsh: [
    '# For ~/.zshrc, below compinit: eval "$(runbook completion zsh)"',
    '_runbook() {',
    '  local -a found',
    '  found=("${(@f)$("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")',
    '  if (( ${#found} )) && [[ -n "${found[1]}" ]]; then compadd -- "${found[@]}"; else _files; fi',
    '}',
    'compdef _runbook runbook',
  ],
  fish: [
    '# For ~/.config/fish/config.fish: runbook completion fish | source',
    'function __runbook_words',
    '  set --local words (commandline --tokenize --cut-at-cursor) (commandline --current-token --cut-at-cursor)',
    '  runbook completion words -- $words[2..] 2>/dev/null',
    'end',
    "complete --command runbook --arguments '(__runbook_words)'",
  ],
};

/** What the last of the words can be, given those before it; nothing where it is a file, or anything at all. */
export async function candidates(
  words: string[],
  runbook: string,
  commands: readonly CommandDefinition[],
): Promise<string[]> {
  const last = words.at(-1) ?? '';
  const found = await offered(understood(words.slice(0, -1), runbook, commands), last, commands);
  return [...new Set(found)].filter((one) => one.startsWith(last));
}

interface Understood {
  command: CommandDefinition | null;
  /** The word before the last one, where that is an option which takes a value. */
  before: Option | null;
  /** Whether that word is one that every command takes, and a file's name follows. */
  isFile: boolean;
  page: string;
}

function understood(words: string[], runbook: string, commands: readonly CommandDefinition[]): Understood {
  const read: Understood = {
    command: null,
    before: null,
    isFile: words.at(-1) === '--runbook',
    page: runbook,
  };
  for (const [i, word] of words.entries()) {
    read.before = null;
    if (words[i - 1] === '--runbook') read.page = word;
    else if (!read.command) read.command = commands.find(({ name }) => name === word) ?? null;
    else read.before = read.command.options.find(({ long }) => long === word) ?? null;
  }
  return { ...read, before: read.before && takesValue(read.before) ? read.before : null };
}

const takesValue = (option: Option): boolean => option.required || option.optional;

async function offered(
  { command, before, isFile, page }: Understood,
  last: string,
  commands: readonly CommandDefinition[],
): Promise<string[]> {
  if (isFile) return [];
  if (!command)
    return last.startsWith('-') ? ['--runbook', '--help', '--version'] : commands.map(({ name }) => name);
  const home = homeIn(dirname(resolve(page)));
  if (before) return before.argChoices ?? valuesOf(before, command, page, home);
  if (last.startsWith('-')) return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
  return wordsOf(command, page, home);
}

async function valuesOf({ long }: Option, command: CommandDefinition, page: string, home: string) {
  if (long === '--on' && command.name === 'rehearse') return replicas(home);
  if (long === '--on') return of(page, ({ frontMatter }) => hostNames(frontMatter));
  if (long === '--resume') return runs(home);
  const isBlock = ['--again', '--done', '--allow', '--from', '--until', '--only'].includes(long ?? '');
  return isBlock ? of(page, ({ blocks }) => blocks.map(({ name }) => name)) : [];
}

async function wordsOf({ name, arguments: [first] }: CommandDefinition, page: string, home: string) {
  if (first?.argChoices) return first.argChoices;
  if (name === 'down') return replicas(home);
  if (name === 'report') return runs(home);
  if (!['plan', 'rehearse', 'run'].includes(name)) return [];
  return of(page, (document) => [...procedures(document), ...document.blocks.map((block) => block.name)]);
}

/** Of a page that cannot be read, nothing. */
const of = (page: string, what: (document: Document) => string[]): Promise<string[]> =>
  readDocument(page).then(what, () => []);

const runs = async (home: string) => (await readdir(runsOf(home)).catch(() => [])).sort().reverse();

async function replicas(home: string): Promise<string[]> {
  const { embedded, docker } = await replicaIdsIn(home);
  return [...embedded, ...docker];
}
