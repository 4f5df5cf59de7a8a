import { isSecretName, printedSecrets, urlPasswords } from '../text/secret.ts';
import { type Found, makeFinder } from './finder.ts';
import { spellings } from './spellings.ts';

/** Values that are nobody's secret: to mask them would spoil the rest. */
const PLAIN = /^(true|false|none|null)$/i;
const MASK = '***';

/** Shorter pieces of a secret stand everywhere. */
const LEAST = 4;

/** Whether a secret has been taken out of a value, so that nobody knows it any more. */
export const isMasked = (value: string): boolean => value.includes(MASK);

/** Takes secrets out of whatever is written or shown. */
export interface Secrets {
  /** A copy of the value in which no string holds a secret. Takes time in proportion to the value. */
  mask<T>(value: T): T;
  /** As `mask`, of a piece of a longer text: also what may be the end or the beginning of a secret that was cut. */
  maskPart(text: string): string;
  /** Remembers the values of variables whose names say that they are secret, and the passwords of URLs in all. */
  learn(variables: Record<string, string | undefined>): void;
  /** Whether a variable of this name is one. */
  isSecret(name: string): boolean;
}

/** Knows the secrets of the environment that it is made with, and what it is told of later. */
export function makeSecrets(environment: Record<string, string | undefined>): Secrets {
  const values = new Set<string>();
  let find = makeFinder(values);
  const learn = (variables: Record<string, string | undefined>) => {
    const known = values.size;
    for (const secret of Object.entries(variables).flatMap(([name, value = '']) => secretsOf(name, value))) {
      for (const one of spellings(secret)) {
        if (one.length >= LEAST && !PLAIN.test(one)) values.add(one);
      }
    }
    if (values.size > known) find = makeFinder(values);
  };
  const maskText = (text: string) => {
    const inText = masked(masked(text, urlPasswords), printedSecrets);
    return masked(inText, (masking) => acrossLines(masking, find));
  };
  learn(environment);
  return {
    isSecret: isSecretName,
    learn,
    mask: (value) => mapStrings(value, maskText),
    maskPart: (text) => maskText(withoutCut(text, values)),
  };
}

/** The places of words, also of those that a line's end cuts in two: what stands on each line is a place of its own. */
function acrossLines(text: string, find: (text: string) => Found[]): Found[] {
  if (!text.includes('\n')) return find(text);
  const kept: number[] = [];
  for (let i = 0; i < text.length; i++) if (text[i] !== '\n' && text[i] !== '\r') kept.push(i);
  const joined = text.replaceAll(/[\r\n]/g, '');
  const places = find(joined).flatMap(({ start, end }) => pieces(kept, start, end));
  // A secret may hold a line's end itself.
  return [...places, ...find(text)].sort((a, b) => a.start - b.start || b.end - a.end);
}

/** The stretches of a text whose units `kept` names, from one to another of them, where none is left out between. */
function pieces(kept: number[], start: number, end: number): Found[] {
  const found: Found[] = [];
  for (const at of kept.slice(start, end)) {
    const last = found.at(-1);
    if (last?.end === at) last.end = at + 1;
    else found.push({ start: at, end: at + 1 });
  }
  return found;
}

/** Without the longest end of a secret that the text begins with, and the longest beginning of one that it ends with. */
function withoutCut(text: string, secrets: Iterable<string>): string {
  let [head, tail] = [0, 0];
  for (const secret of secrets) {
    for (let length = Math.min(secret.length - 1, text.length); length >= LEAST; length--) {
      if (length > head && text.startsWith(secret.slice(-length))) head = length;
      if (length > tail && text.endsWith(secret.slice(0, length))) tail = length;
    }
  }
  if (head + tail >= text.length && head + tail > 0) return MASK;
  const middle = text.slice(head, text.length - tail);
  return `${head > 0 ? MASK : ''}${middle}${tail > 0 ? MASK : ''}`;
}

/**
 * The value of a variable with a secret's name, and the passwords and tokens in that of any. A password that is the
 * user's name, too, stands everywhere and is no secret: only the URL is masked.
 */
function secretsOf(name: string, value: string): string[] {
  const inUrls = urlPasswords(value).filter(({ start, end, user }) => value.slice(start, end) !== user);
  const inside = [...inUrls, ...printedSecrets(value)].map(({ start, end }) => value.slice(start, end));
  return isSecretName(name) ? [value, ...inside] : inside;
}

function masked(text: string, find: (text: string) => Found[]): string {
  const places = find(text);
  let end = 0;
  const kept = places.map((place) => {
    const before = text.slice(end, place.start);
    const isNew = place.end > end;
    end = Math.max(end, place.end);
    return isNew ? before + MASK : '';
  });
  return kept.join('') + text.slice(end);
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)])) as T;
}
