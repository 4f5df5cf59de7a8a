import { isSecretName, urlPasswords } from '../text/secret.ts';
import { type Found, makeFinder } from './finder.ts';

/** Values that are nobody's secret: to mask them would spoil the rest. */
const PLAIN = /^(true|false|none|null)$/i;
const MASK = '***';

/** Takes secrets out of whatever is written or shown. */
export interface Secrets {
  /** A copy of the value in which no string holds a secret. Takes time in proportion to the value. */
  mask<T>(value: T): T;
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
        if (one.length >= 4 && !PLAIN.test(one)) values.add(one);
      }
    }
    if (values.size > known) find = makeFinder(values);
  };
  const maskText = (text: string) => {
    const urlsMasked = masked(text, urlPasswords(text));
    return masked(urlsMasked, find(urlsMasked));
  };
  learn(environment);
  return { isSecret: isSecretName, learn, mask: (value) => mapStrings(value, maskText) };
}

/**
 * The value of a variable with a secret's name, and the passwords of the URLs in that of any. A password that is the
 * user's name, too, stands everywhere and is no secret: only the URL is masked.
 */
function secretsOf(name: string, value: string): string[] {
  const inUrls = urlPasswords(value)
    .filter(({ start, end, user }) => value.slice(start, end) !== user)
    .map(({ start, end }) => value.slice(start, end));
  return isSecretName(name) ? [value, ...inUrls] : inUrls;
}

/** As it is, as a URL spells it, as it is where a URL spells it, and each line: a key is printed line by line. */
function spellings(secret: string): string[] {
  return [secret, encoded(secret), decoded(secret), encoded(decoded(secret)), ...secret.split(/\r?\n/)];
}

const encoded = encodeURIComponent;

/** A `%` that no two digits follow stands for itself: then it is spelled as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function masked(text: string, places: Found[]): string {
  let end = 0;
  const kept = places.map((place) => {
    const before = text.slice(end, place.start);
    end = place.end;
    return before + MASK;
  });
  return kept.join('') + text.slice(end);
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)])) as T;
}
