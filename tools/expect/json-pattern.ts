import type { RowWatch } from './assertion.ts';
import type { CompiledSentence } from './definition.ts';
import { canonicalJson, isJsonObject, type Json, parseJson, readJson, showJson } from './json.ts';
import { jsonValues } from './json-rows.ts';
import { notCompared } from './judge-rows.ts';
import { isNumeric } from './numeric.ts';
import { columnOf, excerpt, noColumn } from './rows.ts';
import { tooMuch } from './sentences/printed.ts';
import type { Columns, Row } from './subject.ts';
import { type Verdict, verdict } from './verdict.ts';

/** The JSON of a text, or an array of that of its lines; nothing where it is none. */
function printedJson(text: string): Json[] {
  const whole = parseJson(text);
  if (whole !== undefined) return [whole];
  const lines = jsonValues(text);
  return lines ? [lines] : [];
}

/** What `...` is made of, so that the rest can be read as JSON: no text of a document holds such a character. */
const ANY = '\u0000...';

/**
 * A `json` fence as a sentence: what is printed, or what the statement returns, holds this. Objects may have more keys
 * than are written; `...` stands for any value, and in an array for any elements. Null where the text is no JSON.
 */
export function compileJson(text: string): CompiledSentence<'value'> | null {
  const pattern = parseJson(withoutDots(text));
  if (pattern === undefined) return null;
  const expected = text.trim();
  /** Of what a block gives in one form, or in either of two. */
  const judge = (forms: Json[]): Verdict => {
    const [first] = forms;
    if (first === undefined) return verdict(false, expected, 'the output is no JSON');
    return verdict(
      forms.some((value) => fits(pattern, value)),
      expected,
      excerpt(showJson(first)),
    );
  };
  return {
    expression: 'a json fence',
    objection: isEmpty(pattern) ? 'any object, or any array, would do' : null,
    assertion: {
      of: 'value',
      judge: {
        rows: (columns) => watchJson(columns, expected, judge),
        printed: ({ stdout }) =>
          stdout.truncated ? verdict(false, expected, tooMuch(stdout)) : judge(printedJson(stdout.text)),
      },
    },
  };
}

/** Why the text of a fence is no JSON, in words, and in which line of it, counted from 0; null where it is JSON. */
export function faultOfJson(text: string): { why: string; line: number } | null {
  // What `...` is made of has no line's end in it.
  const dotless = withoutDots(text);
  const read = readJson(dotless);
  if ('value' in read) return null;
  const why = /^\s*(?:\/\/|\/\*)/.test(dotless.slice(read.offset)) ? 'it has no comments' : read.why;
  return { why, line: dotless.slice(0, read.offset).split('\n').length - 1 };
}

/** What a fence is called: by its first line that says something. */
export const jsonName = (text: string): string =>
  `json: ${(text.split('\n').find((line) => /[^\s[{]/.test(line)) ?? text).trim()}`;

/** Outside of strings, `...` becomes a string, and in an object a key, too. */
function withoutDots(text: string): string {
  const open: string[] = [];
  let before = '';
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\.\.\.|[^\s"]/gs, (token) => {
    const isKey = open.at(-1) === '{' && before !== ':';
    if (token === '{' || token === '[') open.push(token);
    if (token === '}' || token === ']') open.pop();
    before = token;
    if (token !== '...') return token;
    return isKey ? `${JSON.stringify(ANY)}: 0` : JSON.stringify(ANY);
  });
}

const isEmpty = (pattern: Json): boolean =>
  pattern === ANY ||
  (Array.isArray(pattern) && pattern.length > 0 && pattern.every((one) => one === ANY)) ||
  (isJsonObject(pattern) && Object.keys(pattern).every((key) => key === ANY));

function fits(pattern: Json, value: Json): boolean {
  if (pattern === ANY) return true;
  if (Array.isArray(pattern)) return Array.isArray(value) && fitsAll(pattern, value);
  if (!isJsonObject(pattern)) return canonicalJson(pattern) === canonicalJson(value);
  if (!isJsonObject(value)) return false;
  return Object.entries(pattern).every(
    ([key, inner]) => key === ANY || (Object.hasOwn(value, key) && fits(inner, value[key] as Json)),
  );
}

/** Element by element, in order; the places that may come next are kept, so that no way is tried twice. */
function fitsAll(patterns: Json[], values: Json[]): boolean {
  const skip = (places: Set<number>) => {
    for (const place of places) if (patterns[place] === ANY) places.add(place + 1);
    return places;
  };
  let next = skip(new Set([0]));
  for (const value of values) {
    const after = [...next].flatMap((i) => {
      const pattern = patterns[i];
      if (pattern === undefined) return [];
      return pattern === ANY ? [i] : fits(pattern, value) ? [i + 1] : [];
    });
    next = skip(new Set(after));
  }
  return next.has(patterns.length);
}

/** Rows that JSON would fill memory with are not compared. */
const MOST_ROWS = 10_000;

/** The JSON that the only cell holds, or else the rows as objects. */
function watchJson(columns: Columns, expected: string, judge: (forms: Json[]) => Verdict): RowWatch {
  const rows: Row[] = [];
  return {
    see(row) {
      if (rows.length <= MOST_ROWS) rows.push(row);
    },
    verdict(rowCount) {
      if (rows.length > MOST_ROWS) return verdict(false, expected, notCompared(MOST_ROWS, rowCount));
      const [only] = columns;
      const twice = columns.find(({ name }) => typeof columnOf(columns, name) === 'string');
      if (twice) return noColumn(String(columnOf(columns, twice.name)), expected).verdict(rowCount);
      if (columns.length === 1 && rows.length === 1 && /^jsonb?$/.test(only?.type ?? ''))
        return judge(printedJson(rows[0]?.[0] ?? 'null'));
      const objects = rows.map((row) => objectOf(columns, row));
      return judge(objects.length === 1 ? [...objects, objects] : [objects]);
    },
  };
}

const objectOf = (columns: Columns, row: Row): Json =>
  Object.fromEntries(columns.map(({ name, type }, i) => [name, jsonOf(row[i] ?? null, type)]));

function jsonOf(cell: string | null, type: string): Json {
  if (cell === null) return null;
  if (type === 'bool') return cell === 't';
  return isNumeric(type) || /^jsonb?$/.test(type) ? (parseJson(cell) ?? cell) : cell;
}
