import { everyNode, type Node, type NodeOf } from './syntax.ts';

/** What ends with 0 whatever happens, or says something that a runbook does not depend on. */
const NEVER_FAIL = new Set(
  (
    ': true echo printf set shopt trap sleep unset date pwd whoami hostname uname id uptime ps df free env printenv ' +
    'exit return break continue alias umask wait clear history jobs lsblk nproc ss netstat ip who w local export declare ' +
    'typeset readonly mktemp dirname basename tput stty seq yes let'
  ).split(' '),
);

/** They look whether something is so: behind them, `&&` is an `if`. */
const ASKERS = new Set(
  '[ test command which type hash grep egrep rg id getent pgrep lsof dpkg rpm'.split(' '),
);

/** Whether a program’s failure is the answer to what it was asked. */
export const answers = (program: string): boolean => ASKERS.has(program);

export const nameOf = (node: Node): string | null =>
  node.type === 'Command' ? (node.name?.value.split('/').at(-1) ?? null) : null;

export const wordsOf = ({ suffix }: NodeOf<'Command'>): string[] =>
  suffix.flatMap((part) => (part.type === 'Word' ? [part.value] : []));

/** Whether a program with these words may fail in a way that matters to whoever wrote them. */
export const mayFail = (program: string, words: readonly string[]): boolean =>
  program === 'rm' ? !words.some((word) => /^-\w*f/.test(word)) : !NEVER_FAIL.has(program);

/** Whether a command’s failure would matter to whoever wrote it. */
export function canFail(node: Node): boolean {
  switch (node.type) {
    case 'Statement':
      return !node.background && canFail(node.command);
    case 'Command': {
      if (!node.name) return node.prefix.some((part) => part.type === 'Assignment' && hasSubstitution(part));
      return mayFail(nameOf(node) ?? '', wordsOf(node));
    }
    case 'Pipeline':
      return node.commands.some(canFail);
    case 'AndOr':
      return node.operators.includes('||') ? canFailBehindOr(node) : node.commands.some(canFail);
    case 'Function':
      return false;
    case 'If':
      return [node.then, ...node.elif.map(({ then }) => then), node.else].some(
        (list) => list && canFail(list),
      );
    case 'For':
    case 'ArithmeticFor':
    case 'Select':
    case 'While':
    case 'Subshell':
    case 'BraceGroup':
      return canFail(node.body);
    case 'Case':
      return node.items.some(({ body }) => canFail(body));
    case 'Redirected':
      return canFail(node.command);
    case 'CompoundList':
      return node.commands.some(canFail);
    default:
      return true;
  }
}

const canFailBehindOr = ({ commands, operators }: NodeOf<'AndOr'>): boolean => {
  const from = operators.indexOf('||') + 1;
  // `… || exit 1` ends all of it, and needs nobody to see it.
  return (
    !['exit', 'return'].includes(nameOf(commands[from] as Node) ?? '') && commands.slice(from).every(canFail)
  );
};

export const hasSubstitution = (node: Node): boolean => {
  if (node.type === 'Assignment') return node.value.type === 'Word' && hasSubstitution(node.value);
  if (node.type === 'Word') return (node.parts ?? []).some(hasSubstitution);
  if (node.type === 'DoubleQuoted') return node.parts.some(hasSubstitution);
  if (node.type === 'ParameterExpansion')
    return node.operation?.type === 'Default' && hasSubstitution(node.operation.operand);
  return node.type === 'CommandExpansion' && (node.script?.commands ?? []).some(canFail);
};

/** Whether a command asks something, so that what `&&` joins to it is done only where it is so. */
export function isQuestion(node: Node): boolean {
  if (node.type === 'TestCommand' || node.type === 'ArithmeticCommand') return true;
  if (node.type === 'Pipeline') {
    const last = node.commands.at(-1);
    return node.prefixes.length > 0 || (last !== undefined && isQuestion(last));
  }
  if (node.type === 'Redirected') return isQuestion(node.command);
  if (node.type !== 'Command') return false;
  return (
    ASKERS.has(nameOf(node) ?? '') ||
    wordsOf(node).some((word) => /^(-q|--quiet|is-active|is-enabled|inspect)$/.test(word)) ||
    isSilent(node)
  );
}

/** A test: it does nothing but say whether something is so. */
export const isTest = (node: Node): boolean =>
  node.type === 'TestCommand' ||
  node.type === 'ArithmeticCommand' ||
  ['[', 'test'].includes(nameOf(node) ?? '');

/** `docker inspect shop > /dev/null`: only its status is wanted. */
const isSilent = ({ redirects }: NodeOf<'Command'>): boolean =>
  redirects.some(
    (one) =>
      one.type === 'Redirect' &&
      /^(>|&>|>>)$/.test(one.operator) &&
      one.target?.value === '/dev/null' &&
      (one.descriptor?.type !== 'FileDescriptor' || one.descriptor.value === 1),
  );

/** The text that an echo or printf says to people; null of what is none, or writes into a file. */
export function toldBy(node: Node | undefined): string | null {
  if (node?.type === 'BraceGroup')
    return node.body.commands.length === 1 ? toldBy(node.body.commands[0]?.command) : null;
  if (node?.type !== 'Command' || !/^(echo|printf)$/.test(nameOf(node) ?? '')) return null;
  const intoFile = node.redirects.some(
    (one) => one.type === 'Redirect' && one.operator !== '>&' && one.target?.value !== '/dev/stderr',
  );
  return intoFile ? null : wordsOf(node).join(' ');
}

/** It only shows how something went: a log, a state, a word to people. */
export function onlyShows(node: Node): boolean {
  if (node.type === 'Redirected') return onlyShows(node.command);
  if (node.type === 'BraceGroup') return onlyShows(node.body);
  if (node.type === 'CompoundList')
    return node.commands.length > 0 && node.commands.every(({ command }) => onlyShows(command));
  if (node.type !== 'Command') return false;
  const [name, words] = [nameOf(node) ?? '', wordsOf(node)];
  return (
    toldBy(node) !== null ||
    /^(?:journalctl|dmesg|cat|tail|head|ls)$/.test(name) ||
    (name === 'systemctl' && words.includes('status')) ||
    (/^(?:docker|docker-compose|podman|kubectl)$/.test(name) &&
      words.some((word) => /^(?:logs|describe|events)$/.test(word)))
  );
}

/** What only passes on what it reads. */
export const isFilter = (node: Node): boolean =>
  /^(sort|uniq|awk|sed|cut|tr|wc|head|tail|tee|column|tac|rev|grep|egrep|jq|xargs|gzip|gunzip|base64)$/.test(
    nameOf(node) ?? '',
  ) && node.type === 'Command';

/** Nothing hangs on it: `find` fails on what it may not look into, and `kubectl completion bash` is for whoever types. */
const isAside = (node: NodeOf<'Command'>): boolean =>
  nameOf(node) === 'find' || wordsOf(node).includes('completion');

/** The first command within whose failure would be more than an answer: a `grep` fails where it finds nothing. */
export const deedIn = (root: Node): NodeOf<'Command'> | undefined =>
  everyNode(root).find(
    (one): one is NodeOf<'Command'> =>
      one.type === 'Command' &&
      canFail(one) &&
      !isFilter(one) &&
      !isAside(one) &&
      !answers(nameOf(one) ?? ''),
  );

/** It leaves the block, or a function, with a failure. */
export function endsBadly(node: Node): boolean {
  if (node.type === 'BraceGroup') {
    const last = node.body.commands.at(-1)?.command;
    return last !== undefined && endsBadly(last);
  }
  const name = nameOf(node);
  return (
    node.type === 'Command' &&
    (name === 'false' || (/^(?:exit|return)$/.test(name ?? '') && !/^0?$/.test(wordsOf(node)[0] ?? '')))
  );
}

/** It leaves the block well, whatever came before: `exit 0`, or an `exit` behind something that was told. */
export function endsWell(node: Node): boolean {
  const commands = node.type === 'BraceGroup' ? node.body.commands.map(({ command }) => command) : [node];
  const last = commands.at(-1);
  if (!last || nameOf(last) !== 'exit' || last.type !== 'Command') return false;
  const [status] = wordsOf(last);
  return status === '0' || (status === undefined && commands.length > 1);
}

/** Whether a word has a `$(…)` whose failure would be more than an answer. */
export const hidesDeed = (word: Node): boolean => hasSubstitution(word) && deedIn(word) !== undefined;
