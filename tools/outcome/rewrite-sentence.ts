import { distance } from 'fastest-levenshtein';
import type { BoundSentence } from '../document/document.ts';
import { compileSentence } from '../expect/compile.ts';
import { isBareValue } from '../expect/gaps.ts';
import { parseNames } from '../expect/literal.ts';
import type { Edit } from '../text/edit.ts';
import { escapeMarkdown, findInMarkdown } from '../text/markdown-span.ts';
import type { Ended } from './ended.ts';
import { judgeSentence } from './judge-sentence.ts';
import { type Evidence, evidenceOf } from './rewrite-evidence.ts';
import type { Source } from './source.ts';

/** A part of a sentence that says a number, a name or a value: nothing else of it is ever changed. */
interface Slot {
  start: number;
  end: number;
  kind: 'number' | 'quoted' | 'value' | 'names';
}

/** A new text for a slot. */
type Change = Slot & { text: string };

/**
 * The edits that make a sentence true of what was seen: the first way to put what was seen into its numbers, names and
 * values after which it is judged true, and still is the same sentence. Null where there is none.
 */
export function rewriteSentence(source: Source, sentence: BoundSentence, ended: Ended): Edit[] | null {
  const line = source.lines[sentence.line - 1];
  const { text, compiled } = sentence;
  if (!line || !compiled) return null;
  const isTrue = (changes: Change[]): boolean => {
    const changed = withChanges(text, changes);
    const now = compileSentence(changed);
    if (!now || now.objection !== null || now.expression !== compiled.expression) return false;
    return judgeSentence({ ...sentence, text: changed, compiled: now }, ended, false).status === 'passed';
  };
  const changes = waysOf(text, evidenceOf(sentence, ended)).find(isTrue);
  const span = changes && findInMarkdown(source.text, line.start + sentence.column - 1, text);
  if (!changes || !span) return null;
  return changes
    .filter((change) => change.text !== text.slice(change.start, change.end))
    .map((change) => trimmed(text, change))
    .map(({ start, end, text: now }) => ({
      start: span.offsets[start] as number,
      end: (span.offsets[end - 1] as number) + 1,
      text: span.isCode(start) ? now : escapeMarkdown(now),
    }));
}

/** Of a list of names only what differs, so that the marks around the others stay. */
function trimmed(sentence: string, change: Change): Change {
  if (change.kind !== 'names') return change;
  const old = sentence.slice(change.start, change.end);
  const most = Math.min(old.length - 1, change.text.length);
  let head = 0;
  while (head < most && old[head] === change.text[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === change.text.at(-1 - tail)) tail++;
  const text = change.text.slice(head, change.text.length - tail);
  return { ...change, start: change.start + head, end: change.end - tail, text };
}

const withChanges = (text: string, changes: Change[]) =>
  [...changes]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);

/** The ways to say it otherwise: one slot alone, from the left, then a number together with the names that it counts. */
function waysOf(text: string, evidence: Evidence): Change[][] {
  const slots = slotsOf(text);
  const changes = slots.map((slot) => candidates(slot, text.slice(slot.start, slot.end), evidence));
  const names = slots.findIndex(({ kind }) => kind === 'names');
  const both = (changes[0] ?? []).flatMap((number) => (changes[names] ?? []).map((list) => [number, list]));
  return [...changes.flat().map((change) => [change]), ...(names > 0 ? both : [])];
}

const NUMBER = /(?<![\w.,])-?\d[\d,]*(?:\.\d+)?(?![\w])/g;
const QUOTED = /"[^"]*"|'[^']*'/g;
const VALUE = /(?<=(?:\b(?:is|are)|=)\s)(?!(?:not|at|between|about|greater|less|more|null)\b)[^\s"'()]+/g;
const NAMES = /(?<=\()[^()]+(?=\)\.?$)/g;

/** What finds a row, behind `where`, is no claim about it. */
function slotsOf(text: string): Slot[] {
  const claim = text.split(/\swhere\s/, 1)[0] ?? '';
  const slots: Slot[] = [];
  for (const [kind, pattern] of [
    ['names', NAMES],
    ['quoted', QUOTED],
    ['value', VALUE],
    ['number', NUMBER],
  ] as const) {
    for (const { index, 0: found } of claim.matchAll(pattern)) {
      const slot = { kind, start: index, end: index + found.replace(/\.$/, '').length };
      if (!slots.some(({ start, end }) => slot.start < end && start < slot.end)) slots.push(slot);
    }
  }
  return slots.sort((a, b) => a.start - b.start);
}

function candidates(slot: Slot, old: string, { cells, counts, texts, names }: Evidence): Change[] {
  const change = (text: string | null): Change[] => (text === null ? [] : [{ ...slot, text }]);
  switch (slot.kind) {
    case 'names':
      return names ? change(merged(old, names)) : [];
    case 'quoted': {
      const [mark, inner] = [old[0] as string, old.slice(1, -1)];
      const seen = cells ?? nearestFirst(inner, texts(inner));
      return seen.flatMap((text) => change(text === null ? 'null' : inQuotes(text, mark)));
    }
    case 'value':
      return (cells ?? []).flatMap((cell) => change(bare(cell)));
    default:
      return (cells ?? counts.map(String)).flatMap((text) => change(numberLike(old, text)));
  }
}

/** Only a single nearest text is what was meant: of two as near, nobody can say. */
function nearestFirst(old: string, texts: string[]): string[] {
  const near = texts.map((text) => ({ text, edits: distance(old, text) })).sort((a, b) => a.edits - b.edits);
  return near[0] && near[0].edits !== near[1]?.edits ? [near[0].text] : [];
}

const inQuotes = (text: string, mark: string): string | null => {
  const other = mark === '"' ? "'" : '"';
  if (!text.includes(mark)) return `${mark}${text}${mark}`;
  return text.includes(other) ? null : `${other}${text}${other}`;
};

/** A cell as a sentence writes it. */
function bare(cell: string | null): string | null {
  if (cell === null) return 'null';
  if (/^[^\s"'()]+$/.test(cell) && isBareValue(cell)) return cell;
  return inQuotes(cell, '"');
}

/** A number in the form of the one that it replaces: with commas where that has some. */
function numberLike(old: string, text: string | null): string | null {
  if (text === null || !/^-?\d+(\.\d+)?$/.test(text)) return null;
  return old.includes(',') ? text.replaceAll(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',') : text;
}

/** The list with the names that are there: each stays where it is, another takes the place of the one it comes nearest to. */
function merged(old: string, names: string[]): string {
  const listed = parseNames(old).map(({ text }) => text);
  const added = names.filter((name) => !listed.includes(name));
  const now = listed.map((name) => {
    if (names.includes(name)) return name;
    const best = [...added].sort((a, b) => distance(name, a) - distance(name, b))[0];
    if (best === undefined) return null;
    added.splice(added.indexOf(best), 1);
    return best;
  });
  if (added.length > 0 || now.includes(null))
    return [...now.filter((name) => name !== null), ...added].map(listName).join(', ');
  let from = 0;
  return now.reduce<string>((text, name, i) => {
    const at = text.indexOf(listed[i] as string, from);
    from = at + (name as string).length;
    return text.slice(0, at) + name + text.slice(at + (listed[i] as string).length);
  }, old);
}

const listName = (name: string) => (/^[^,()"'\s][^,()"']*$/.test(name) ? name : `"${name}"`);
