import * as z from 'zod';
import { suggestion } from '../text/nearest.ts';

/** One thing that is wrong with the front matter, at a path of keys. */
export interface Fault {
  path: string[];
  message: string;
  remedy: string;
}

export const MISSING = 'is missing';

const SEE = 'see the tool’s docs/language.md, “Front matter”';

/** One of zod's findings on `schema`, in this tool's words. */
export function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType): Fault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, schema));
  if (issue.code === 'invalid_key') {
    return [{ path, message: issue.issues[0]?.message ?? 'is no key', remedy: 'use letters, digits and _' }];
  }
  if (issue.code !== 'invalid_type')
    return [{ path, message: issue.message, remedy: issue.message === MISSING ? 'write it' : SEE }];
  const missing = issue.input === undefined && issue.message.endsWith('undefined');
  const words = { string: 'one value', array: 'a list', object: 'a mapping', record: 'a mapping' };
  const wanted = words[issue.expected as keyof typeof words] ?? issue.expected;
  return [{ path, message: missing ? MISSING : `is not ${wanted}`, remedy: missing ? 'write it' : SEE }];
}

function unknownKey(path: string[], key: string, schema: z.ZodType): Fault {
  const remedy = suggestion(key, keysAt(schema, path));
  return { path: [...path, key], message: 'is no key of the front matter', remedy };
}

/** The keys that `schema` knows of the mapping at `path`. */
function keysAt(schema: z.ZodType, path: readonly string[]): string[] {
  let at: z.ZodType | undefined = unwrapped(schema);
  for (const key of path) at = at && valueAt(at, key);
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

/** The schema of what stands behind a key of a mapping. */
function valueAt(schema: z.ZodType, key: string): z.ZodType | undefined {
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType as z.ZodType);
  return schema instanceof z.ZodObject && schema.shape[key] ? unwrapped(schema.shape[key]) : undefined;
}

/** What stands below `optional()`, `default()`, `transform()` and `preprocess()`. */
function unwrapped(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault)
    return unwrapped(schema.unwrap() as z.ZodType);
  if (!(schema instanceof z.ZodPipe)) return schema;
  const [before, after] = [schema.in as z.ZodType, schema.out as z.ZodType];
  return unwrapped(before instanceof z.ZodTransform ? after : before);
}
