import { deedIn, hasSubstitution, nameOf } from './failing.ts';
import { everyNode, type Node, type NodeOf } from './syntax.ts';

/** A place where bash takes what `$(…)` gave and never asks whether it failed. */
export interface Taken {
  node: Node;
  /** The word or the program that takes it. */
  by: string;
}

/** All of them but for words of commands: most programs refuse a word that is nothing. */
export const takenUnasked = (nodes: readonly Node[]): Taken[] => nodes.flatMap(takenBy);

function takenBy(node: Node): Taken[] {
  switch (node.type) {
    case 'For':
    case 'Select':
      return first('for', node.wordlist ?? []);
    case 'Case':
      return first('case', [node.word]);
    case 'Command': {
      const by = nameOf(node);
      if (by === null) return [];
      return [...first(by, node.prefix), ...first(by, node.redirects.filter(isText))];
    }
    case 'Redirected':
      return node.redirects.filter(isText).flatMap((one) => first(one.operator, [one]));
    default:
      return [];
  }
}

const isText = ({ type }: Node) => type === 'HereDoc' || type === 'HereString';

function first(by: string, nodes: readonly Node[]): Taken[] {
  const node = nodes.flatMap(substitutionsIn).find(matters);
  return node ? [{ node, by }] : [];
}

const substitutionsIn = (node: Node): Node[] =>
  everyNode(node).filter(({ type }) => type === 'CommandExpansion');

/** Whether a word has a `$(…)` whose failure is no answer. */
const isSubstituted = (word: Node): boolean => substitutionsIn(word).some(matters);

const matters = (node: Node): boolean =>
  node.type === 'CommandExpansion' && hasSubstitution(node) && deedIn(node) !== undefined;

/**
 * What a test says where each `$(…)` in it gives nothing, as one that fails does. Null where none is in it, or it does not
 * hang on that.
 */
export function saysOfNothing(test: Node): boolean | null {
  if (test.type === 'TestCommand') return saysExpression(test.expression);
  if (test.type !== 'Command') return null;
  const words = test.suffix.filter((part) => part.type === 'Word');
  return saysWords(nameOf(test) === '[' ? words.slice(0, -1) : words);
}

type Word = NodeOf<'Word'>;

function saysWords([one, other, third, ...more]: Word[]): boolean | null {
  if (!one || more.length > 0) return null;
  if (one.value === '!' && other) return not(saysWords(third ? [other, third] : [other]));
  if (!other) return isSubstituted(one) ? false : null;
  return third ? saysBinary(one, other.value, third) : saysUnary(one.value, other);
}

function saysExpression(test: NodeOf<'TestCommand'>['expression']): boolean | null {
  switch (test.type) {
    case 'TestUnary':
      return saysUnary(test.operator, test.operand);
    case 'TestBinary':
      return (
        saysBinary(test.left, test.operator, test.right) ?? saysNumbers(test.left, test.operator, test.right)
      );
    case 'TestNot':
      return test.negations.length % 2 === 1
        ? not(saysExpression(test.operand))
        : saysExpression(test.operand);
    case 'TestGroup':
      return saysExpression(test.expression);
    case 'TestLogical': {
      const said = test.operands.map(saysExpression).filter((one) => one !== null);
      if (said.length === 0) return null;
      return test.operator === '&&' ? said.every(Boolean) : said.some(Boolean);
    }
  }
}

const not = (said: boolean | null) => (said === null ? null : !said);

function saysUnary(operator: string, operand: Word): boolean | null {
  if (!isSubstituted(operand)) return null;
  return operator === '-z' ? true : operator === '-n' ? false : null;
}

function saysBinary(left: Word, operator: string, right: Word): boolean | null {
  if (isSubstituted(left) === isSubstituted(right)) return null;
  const known = isSubstituted(left) ? right : left;
  switch (operator) {
    case '=':
    case '==':
      return known.value === '';
    case '!=':
      return known.value !== '';
    default:
      return null;
  }
}

/** `[[ … ]]` takes nothing for the number 0, where `[ … ]` refuses it. */
function saysNumbers(left: Word, operator: string, right: Word): boolean | null {
  if (isSubstituted(left) === isSubstituted(right)) return null;
  const [one, other] = [left, right].map((word) => (isSubstituted(word) ? 0 : Number(word.value))) as [
    number,
    number,
  ];
  const compare = NUMBERS[operator];
  return compare === undefined || Number.isNaN(one + other) ? null : compare(one, other);
}

const NUMBERS: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '-eq': (one, other) => one === other,
  '-ne': (one, other) => one !== other,
  '-lt': (one, other) => one < other,
  '-le': (one, other) => one <= other,
  '-gt': (one, other) => one > other,
  '-ge': (one, other) => one >= other,
};
