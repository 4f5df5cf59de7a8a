import { isExactNumber, isJsonObject, type Json, parseJson, showJson } from './json.ts';
import type { ResultSet } from './subject.ts';

/**
 * A shell's JSON as rows, so that sentences about rows can speak of it: an object is one row, an array or
 * lines of objects are many (`docker compose ps --format json` prints such lines). Null where the text is no
 * such JSON.
 */
export function jsonRows(text: string): ResultSet | null {
  const values = jsonValues(text);
  if (!values?.every((value) => Array.isArray(value) || isJsonObject(value))) return null;
  const objects = values as { [key: string]: Json }[];
  const names = [...new Set(objects.flatMap((object) => Object.keys(object)))];
  const columns = names.map((name) => ({ name, type: typeOf(objects.map((object) => at(object, name))) }));
  const rows = objects.map((object) => columns.map(({ name, type }) => cell(at(object, name), type)));
  return { columns, rows, rowCount: rows.length, truncated: false };
}

/** What is printed as one JSON, an array's elements, or as one a line; null where it is no JSON. */
export function jsonValues(text: string): Json[] | null {
  const whole = parseJson(text);
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const values = lines.map(parseJson);
  return values.length > 0 && values.every((value) => value !== undefined) ? (values as Json[]) : null;
}

const at = (object: { [key: string]: Json }, name: string): Json | undefined =>
  Object.hasOwn(object, name) ? object[name] : undefined;

const typeOf = (values: (Json | undefined)[]): string => {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length === 0) return 'text';
  if (present.every(isExactNumber)) return 'number';
  if (present.every((value) => typeof value === 'boolean')) return 'bool';
  return present.every((value) => typeof value === 'string') ? 'text' : 'json';
};

const cell = (value: Json | undefined, type: string): string | null => {
  if (value === null || value === undefined) return null;
  return type === 'text' ? String(value) : showJson(value);
};
