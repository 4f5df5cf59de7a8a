const SECRET_NAME =
  /(PASS(WORD|WD|PHRASE)?|_PWD|SECRET|TOKEN|(API|PRIVATE|SECRET|ACCESS)_?KEY|CREDENTIALS?)$/i;
/**
 * As far as the last `@` before the path, for a password may hold one; `$NAME` stands for one and is none.
 */
const URL_PASSWORD = /([a-z][\w+.-]*:\/\/[^\s:/@]*):(?!\$)[^\s/"'<>]+@/gi;
/** Values that are nobody's secret: to mask them would spoil the rest. */
const PLAIN = /^(true|false|none|null)$/i;
const MASK = '***';

/** Takes secrets out of whatever is written or shown. */
export interface Secrets {
  /** A copy of the value in which no string holds a secret. */
  mask<T>(value: T): T;
  /** Remembers the values of variables whose names say that they are secret. */
  learn(variables: Record<string, string | undefined>): void;
  /** Whether a variable of this name is one. */
  isSecret(name: string): boolean;
}

/** Knows the secrets of the environment that it is made with, and what it is told of later. */
export function makeSecrets(environment: Record<string, string | undefined>): Secrets {
  const values = new Set<string>();
  const isSecret = (name: string) => SECRET_NAME.test(name);
  const learn = (variables: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(variables)) {
      if (!value || !isSecret(name)) continue;
      // A secret of several lines, such as a key, is printed line by line.
      for (const part of [value, encodeURIComponent(value), ...value.split('\n')]) {
        if (part.length >= 4 && !PLAIN.test(part)) values.add(part);
      }
    }
  };
  const maskText = (text: string) => {
    let masked = text.replaceAll(URL_PASSWORD, `$1:${MASK}@`);
    // The longest first: one secret may begin with another.
    for (const value of [...values].sort((a, b) => b.length - a.length))
      masked = masked.replaceAll(value, MASK);
    return masked;
  };
  learn(environment);
  return { isSecret, learn, mask: (value) => mapStrings(value, maskText) };
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)])) as T;
}
