import type { ResultSet } from './subject.ts';

/**
 * A shell's JSON as rows, so that sentences about rows can speak of it: an object is one row, an array or
 * lines of objects are many (`docker compose ps --format json` prints such lines). Null where the text is no
 * such JSON.
 */
export function jsonRows(text: string): ResultSet | null {
  const values = parseWhole(text) ?? parseLines(text);
  if (!values?.every((value) => typeof value === 'object' && value !== null)) return null;
  const objects = values as Record<string, unknown>[];
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const columns = names.map((name) => ({ name, type: typeOf(objects.map((object) => object[name])) }));
  const rows = objects.map((object) => names.map((name) => cell(object[name])));
  return { columns, rows, rowCount: rows.length, truncated: false };
}

function parseWhole(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return null;
  }
}

function parseLines(text: string): unknown[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  try {
    return lines.length > 0 ? lines.map((line) => JSON.parse(line) as unknown) : null;
  } catch {
    return null;
  }
}

const typeOf = (values: unknown[]): string => {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length === 0) return 'text';
  if (present.every((value) => typeof value === 'number')) return 'number';
  if (present.every((value) => typeof value === 'boolean')) return 'bool';
  return present.every((value) => typeof value === 'string') ? 'text' : 'json';
};

const cell = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
