import { endsBadly, hidesDeed, nameOf, wordsOf } from './failing.ts';
import { everyNode, type Node, type NodeOf } from './syntax.ts';

/** A place where bash takes what `$(…)` gave and never asks whether it failed. */
export interface Taken {
  node: Node;
  /** The word or the program that takes it. */
  by: string;
}

/**
 * All of them but for most words of commands: a program that is given nothing for a word refuses it. Of `cd` and `rm` a part of
 * a word is enough to do something else, and `:` takes anything.
 */
export const takenUnasked = (nodes: readonly Node[]): Taken[] => nodes.flatMap(takenBy);

function takenBy(node: Node): Taken[] {
  switch (node.type) {
    case 'For':
    case 'Select':
      return first('for', node.wordlist ?? []);
    case 'Case':
      return endsOfItself(node) ? [] : first('case', [node.word]);
    case 'Command': {
      const by = nameOf(node);
      if (by === null) return [];
      const words = /^(?:cd|pushd|rm|:|true)$/.test(by)
        ? node.suffix.filter(({ type }) => type === 'Word')
        : [];
      return [...first(by, node.prefix), ...first(by, words), ...first(by, node.redirects.filter(isText))];
    }
    case 'Redirected':
      return node.redirects.filter(isText).flatMap((one) => first(one.operator, [one]));
    default:
      return [];
  }
}

/** What no other item takes, nothing among it, ends the block with a failure. */
function endsOfItself({ items }: NodeOf<'Case'>): boolean {
  const item = items.find(({ pattern }) => pattern.some(({ value }) => /^(?:\*|''|"")?$/.test(value)));
  const last = item?.body.commands.at(-1)?.command;
  return last !== undefined && endsBadly(last);
}

const isText = ({ type }: Node) => type === 'HereDoc' || type === 'HereString';

function first(by: string, nodes: readonly Node[]): Taken[] {
  const node = nodes.flatMap(substitutionsIn).find(hidesDeed);
  return node ? [{ node, by }] : [];
}

const substitutionsIn = (node: Node): NodeOf<'CommandExpansion'>[] =>
  everyNode(node).filter((one): one is NodeOf<'CommandExpansion'> => one.type === 'CommandExpansion');

/**
 * What a test says where each `$(…)` in it fails, and gives nothing; one that counts gives 0. Null where none is in it, or
 * where that cannot be told. What a test refuses is not so.
 */
export function saysOfNothing(test: Node): boolean | null {
  if (!substitutionsIn(test).some(hidesDeed)) return null;
  if (test.type === 'TestCommand') return saysExpression(test.expression);
  if (test.type !== 'Command') return null;
  const words = test.suffix.filter((part) => part.type === 'Word');
  return saysWords((nameOf(test) === '[' ? words.slice(0, -1) : words).filter(isThere));
}

type Word = NodeOf<'Word'>;

/** Of a word without quotes that is nothing, `[` is given no word at all. */
const isThere = (word: Word): boolean => /["']/.test(word.text) || givenNothing(word) !== '';

function saysWords([one, other, third, ...more]: Word[]): boolean | null {
  if (!one) return false;
  if (more.length > 0) return null;
  if (one.value === '!' && other) return not(saysWords(third ? [other, third] : [other]));
  if (!other) return known(givenNothing(one), (value) => value !== '');
  return third ? saysBinary(one, other.value, third, Number.NaN) : saysUnary(one.value, other);
}

function saysExpression(test: NodeOf<'TestCommand'>['expression']): boolean | null {
  switch (test.type) {
    case 'TestUnary':
      return saysUnary(test.operator, test.operand);
    case 'TestBinary':
      return saysBinary(test.left, test.operator, test.right, 0);
    case 'TestNot':
      return test.negations.length % 2 === 1
        ? not(saysExpression(test.operand))
        : saysExpression(test.operand);
    case 'TestGroup':
      return saysExpression(test.expression);
    case 'TestLogical': {
      const said = test.operands.filter((one) => substitutionsIn(one).some(hidesDeed)).map(saysExpression);
      if (said.includes(null)) return null;
      return test.operator === '&&' ? said.every(Boolean) : said.some(Boolean);
    }
  }
}

const not = (said: boolean | null) => (said === null ? null : !said);

const known = (value: string | null, says: (value: string) => boolean): boolean | null =>
  value === null ? null : says(value);

function saysUnary(operator: string, operand: Word): boolean | null {
  if (operator !== '-z' && operator !== '-n') return null;
  return known(givenNothing(operand), (value) => (value === '') === (operator === '-z'));
}

/** `empty` is the number that nothing stands for: `[[ … ]]` takes it for 0, and `[ … ]` refuses it. */
function saysBinary(left: Word, operator: string, right: Word, empty: number): boolean | null {
  const [one, other] = [givenNothing(left), givenNothing(right)];
  if (one === null || other === null) return null;
  const compare = NUMBERS[operator];
  if (compare)
    return compare(...([one, other].map((text) => (text === '' ? empty : Number(text))) as [number, number]));
  if (operator === '!=') return one !== other;
  return operator === '=' || operator === '==' ? one === other : null;
}

/** Each is false of what is no number. */
const NUMBERS: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '-eq': (one, other) => one === other,
  '-ne': (one, other) => one < other || one > other,
  '-lt': (one, other) => one < other,
  '-le': (one, other) => one <= other,
  '-gt': (one, other) => one > other,
  '-ge': (one, other) => one >= other,
};

/** What a word is where each `$(…)` of it fails; null where something else is expanded in it, too. */
function givenNothing(word: Word): string | null {
  const value = substitutionsIn(word)
    .filter(hidesDeed)
    .reduce((text, one) => text.replace(one.text, countsNothing(one) ? '0' : ''), word.value);
  return /[$`*?]/.test(value) ? null : value;
}

/** `… | wc -l` and `… | grep -c x` count what they are given, be it nothing. */
function countsNothing({ script }: NodeOf<'CommandExpansion'>): boolean {
  const last = script?.commands.at(-1)?.command;
  const counter = last?.type === 'Pipeline' ? last.commands.at(-1) : undefined;
  if (counter?.type !== 'Command') return false;
  const words = wordsOf(counter);
  return (
    nameOf(counter) === 'wc' ||
    (nameOf(counter) === 'grep' && words.some((word) => /^-\w*c|^--count$/.test(word)))
  );
}
