import { childrenOf, type Node, type NodeOf, parseShell } from '../../tools/shell/syntax.ts';

type Command = NodeOf<'Command'>;

/** Builtins and words of theirs that bash 3.2 does not have. */
const CALLS: Record<string, RegExp> = {
  mapfile: /^/,
  readarray: /^/,
  compopt: /^/,
  wait: /^-[a-z]*[nfp]/,
  printf: /%(-?\d*)\(/,
  read: /^-[a-z]*([iN]|t *(0|\d*\.\d+)?$)/,
  test: /^-[vR]$/,
  '[': /^-[vR]$/,
  declare: /^[-+][a-zA-Z]*[AgIlnuc]/,
  typeset: /^[-+][a-zA-Z]*[AgIlnuc]/,
  local: /^([-+][a-zA-Z]*[AgIlnuc]|-$)/,
  readonly: /^-[a-z]*A/,
  shopt:
    /^(assoc_expand_once|autocd|bash_source_fullpath|checkjobs|compat\d+|complete_fullquote|dirspell|direxpand|globasciiranges|globskipdots|globstar|inherit_errexit|lastpipe|localvar_\w+|noexpand_translation|patsub_replacement|progcomp_alias|syslog_history|varredir_close)$/,
};

const VARIABLES =
  /^(BASHPID|BASHOPTS|BASH_(ARGV0|COMPAT|LOADABLES_PATH|MONOSECONDS|TRAPSIG|XTRACEFD)|EPOCH(SECONDS|REALTIME)|SRANDOM|PROMPT_DIRTRIM|READLINE_\w+|FUNCNEST|CHILD_MAX|COPROC|MAPFILE|BASH_CMDS|BASH_ALIASES)$/;

/** What a node is that bash 3.2 refuses, or reads otherwise; null where it reads it as later ones do. */
function newer(node: Node, inSubstitution: boolean): string | null {
  switch (node.type) {
    case 'Coproc':
      return 'a coprocess';
    case 'Pipeline':
      return node.operators.includes('|&') ? '`|&`' : null;
    case 'Redirect':
      return node.operator === '&>>' ? '`&>>`' : null;
    case 'FileDescriptorVariable':
      return `{${node.name}}, a descriptor that bash chooses`;
    case 'CaseItem':
      if (node.terminator && node.terminator !== ';;') return `\`${node.terminator}\``;
      // Its parser takes the parenthesis behind a pattern for the end of the substitution.
      return inSubstitution && !(node.pos < (node.pattern[0]?.pos ?? 0))
        ? 'a case without `(` in $(…)'
        : null;
    case 'CaseModification':
      return 'another case of letters';
    case 'Transform':
      return 'a transformation, `@`';
    case 'Unknown':
      return `the expansion ${node.operator}`;
    case 'Slice':
      return node.length?.value.trim().startsWith('-') ? 'a negative length' : null;
    case 'SimpleExpansion':
      return VARIABLES.test(node.text.slice(1)) ? node.text : null;
    case 'ParameterExpansion':
      if (node.index?.value.startsWith('-')) return 'a negative index';
      return VARIABLES.test(node.parameter) ? `$${node.parameter}` : null;
    case 'AnsiCQuoted':
      return /\\[uU]/.test(node.text) ? '`\\u`' : null;
    case 'BraceExpansion':
      return /\.\.[^.}]*\.\.|\{-?0\d|\.\.-?0\d/.test(node.text) ? 'a step or zeros in {…}' : null;
    case 'TestUnary':
      return /^-[vR]$/.test(node.operator) ? `[[ ${node.operator} ]]` : null;
    case 'Command':
      return newerCall(node);
    default:
      return null;
  }
}

/** A short option's value may stand in the next word. */
function newerCall({ name, suffix }: Command): string | null {
  const refused = CALLS[name?.value ?? ''];
  if (!refused) return null;
  const words = suffix
    .filter((one) => one.type === 'Word' || one.type === 'Assignment')
    .map(({ text }) => text);
  const joined = words.map((word, i) => (/^-[a-z]*t$/.test(word) ? `${word} ${words[i + 1] ?? ''}` : word));
  return [...joined, ''].some((word) => refused.test(word.replaceAll(/^['"]|['"]$/g, '')))
    ? [name?.value, ...words].join(' ')
    : null;
}

/** What in a script bash 3.2 refuses, or reads otherwise than later ones do; a call in the script's own words. */
export function newerThanBash32(text: string): string[] {
  const script = parseShell(text);
  return [...(script.errors ?? []).map(({ message }) => message), ...newerBelow(script, false)];
}

function newerBelow(node: Node, inSubstitution: boolean): string[] {
  const within = inSubstitution || (node.type === 'CommandExpansion' && node.text.startsWith('$('));
  const what = newer(node, inSubstitution);
  return [
    ...(what === null ? [] : [what]),
    ...childrenOf(node).flatMap((child) => newerBelow(child, within)),
  ];
}
