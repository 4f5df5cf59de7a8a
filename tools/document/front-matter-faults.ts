import type { z } from 'zod';
import { suggestion } from './nearest.ts';

/** One thing that is wrong with the front matter, at a path of keys. */
export interface Fault {
  path: string[];
  message: string;
  remedy: string;
}

const KEYS: Record<string, string[]> = {
  '': ['nas', 'variables', 'database', 'replica'],
  nas: ['ssh', 'directory'],
  database: ['service', 'user', 'name'],
  replica: ['stack', 'ports', 'seed', 'variables'],
};

const SEE = 'see the README, “Front matter”';

/** Zod's findings in this tool's words. */
export function faultsOf(issue: z.core.$ZodIssue): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_key') {
    return [{ path, message: issue.issues[0]?.message ?? 'is no key', remedy: 'use letters, digits and _' }];
  }
  if (issue.code !== 'invalid_type') return [{ path, message: issue.message, remedy: SEE }];
  const missing = issue.input === undefined && issue.message.endsWith('undefined');
  const words = { string: 'one value', array: 'a list', object: 'a mapping', record: 'a mapping' };
  const wanted = words[issue.expected as keyof typeof words] ?? issue.expected;
  return [{ path, message: missing ? 'is missing' : `is not ${wanted}`, remedy: missing ? 'write it' : SEE }];
}

function unknownKey(path: string[], key: string): Fault {
  const known = KEYS[path.join('.')] ?? [];
  return { path: [...path, key], message: 'is no key of the front matter', remedy: suggestion(key, known) };
}
