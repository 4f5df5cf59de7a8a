import { parseDuration } from '../text/duration.ts';
import { suggestion } from '../text/nearest.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';

/**
 * What an info string says behind its language, in the form that Runme uses: `sh { name=greet on=web timeout=2m }`.
 * Only what the document says; defaults are the parser's.
 */
export interface Attributes {
  name?: string;
  on?: string;
  cwd?: string;
  effect?: 'reads' | 'writes' | 'destroys';
  timeoutMs?: number;
  retryMs?: number;
  interactive?: boolean;
  background?: boolean;
  excludeFromRunAll?: boolean;
  ignore?: boolean;
  tags?: string[];
}

type Reading = { ok: Attributes } | { want: string };
type Read = (value: string) => Reading;

const flag =
  (key: keyof Attributes): Read =>
  (value) =>
    value === 'true' || value === 'false' ? { ok: { [key]: value === 'true' } } : { want: 'true or false' };

/** What timers and PostgreSQL's statement_timeout can hold. */
const LONGEST_MS = 24 * 24 * 3_600_000;

const duration =
  (key: 'timeoutMs' | 'retryMs'): Read =>
  (value) => {
    const ms = parseDuration(value);
    return ms && ms <= LONGEST_MS
      ? { ok: { [key]: ms } }
      : { want: 'a duration such as 30s, 2m or 1h, of at most 24 days' };
  };

const word =
  (key: 'name' | 'on', pattern: RegExp, want: string): Read =>
  (value) =>
    pattern.test(value) ? { ok: { [key]: value } } : { want };

/** Every attribute there is. Names and meanings are Runme's where Runme has one. */
const ATTRIBUTES: Record<string, Read> = {
  name: word('name', /^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens'),
  on: word('on', /^[a-z0-9][\w.-]*$/i, '`local`, the name of a host or that of a service'),
  cwd: (value) => ({ ok: { cwd: value } }),
  effect: (value) =>
    value === 'reads' || value === 'writes' || value === 'destroys'
      ? { ok: { effect: value } }
      : { want: 'reads, writes or destroys' },
  timeout: duration('timeoutMs'),
  retry: duration('retryMs'),
  interactive: flag('interactive'),
  background: flag('background'),
  excludeFromRunAll: flag('excludeFromRunAll'),
  ignore: flag('ignore'),
  tag: (value) => ({ ok: { tags: value.split(',').map((tag) => tag.trim()) } }),
};

/** Runme's own, which say nothing to this tool and are let be. */
const RUNME_ONLY = new Set([
  'id',
  'category',
  'closeTerminalOnSuccess',
  'mimeType',
  'promptEnv',
  'terminalRows',
]);

/** Reads an info string that begins at `at`; what it cannot read is reported and left out. */
export function parseInfoString(info: string, at: Place, report: Report): Attributes {
  const [, rest = ''] = /^\s*[^\s{]*\s*(.*)$/s.exec(info) ?? [];
  const attributes: Attributes = {};
  if (rest === '') return attributes;
  const place = { line: at.line, column: at.column + info.indexOf(rest) };
  const seen = new Set<string>();
  for (const [key, value, offset] of pairsOf(rest, place, report)) {
    const there = { line: place.line, column: place.column + offset };
    if (seen.has(key)) report(problems.attributeTwice(there, key));
    seen.add(key);
    readAttribute(key, value, there, attributes, report);
  }
  return attributes;
}

function readAttribute(key: string, value: string, at: Place, into: Attributes, report: Report): void {
  const read = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (!read) {
    if (RUNME_ONLY.has(key)) return;
    report(problems.unknownAttribute(at, key, suggestion(key, Object.keys(ATTRIBUTES))));
    return;
  }
  const reading = read(value);
  if ('ok' in reading) Object.assign(into, reading.ok);
  else report(problems.unreadableAttribute(at, `${key}=${value}`, reading.want));
}

/** The attributes of ours that an info string names, whether or not its fence runs. */
export function attributeNames(info: string): string[] {
  const [, inner = ''] = /\{(.*)\}/s.exec(info) ?? [];
  const names = [...inner.matchAll(/([\w-]+)["']?\s*[=:]/g)].map(([, name = '']) => name);
  return names.filter((name) => Object.hasOwn(ATTRIBUTES, name));
}

type Pair = [key: string, value: string, offset: number];

/** The pairs of `{ a=b c="d e" }`, or of a JSON object, which Runme writes too. */
function pairsOf(text: string, at: Place, report: Report): Pair[] {
  const inner = /^\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) {
    report(problems.noAttributes(at, text));
    return [];
  }
  return jsonPairs(text) ?? plainPairs(inner, at, report);
}

function jsonPairs(text: string): Pair[] | null {
  try {
    return Object.entries(JSON.parse(text) as object).map(([key, value]) => [key, String(value), 0]);
  } catch {
    return null;
  }
}

function plainPairs(inner: string, at: Place, report: Report): Pair[] {
  const pairs: Pair[] = [];
  for (const match of inner.matchAll(/([\w-]+)=(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)|\S+/g)) {
    const [whole, key, double, single, bare] = match;
    const offset = match.index + 1;
    if (key !== undefined) pairs.push([key, double ?? single ?? bare ?? '', offset]);
    else report(problems.noAttribute({ ...at, column: at.column + offset }, whole));
  }
  return pairs;
}
