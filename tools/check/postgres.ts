import { UNKNOWN } from '../shell/argument.ts';
import { type OptionGrammar, readOptions } from '../shell/options.ts';
import type { Call } from '../shell/script.ts';
import { wordsIn } from '../text/words.ts';

/** The options of psql, pg_dump and their like that take a value. */
const VALUED: Readonly<Record<string, string>> = {
  psql: 'cdfFhLopPRTUv',
  pg_dump: 'EfFhjnNSstTUZd',
  pg_restore: 'dfFhIjLnNpPStTU',
  createdb: 'DEhlOpTU',
  dropdb: 'hpU',
};

const LONG = wordsIn(`
  command dbname file set variable output pset host port username log-file field-separator record-separator table-attr format jobs schema table use-list owner template encoding maintenance-db
  exclude-table exclude-schema compress role section
`);

const grammarOf = (program: string): OptionGrammar => ({ valued: VALUED[program] ?? '', long: LONG });

/** How a program of PostgreSQL logs in: its role and database, where its words say so. */
export interface Login {
  role: string | null;
  name: string | null;
}

/** The login of a call; null of one that is no program of PostgreSQL. Only psql and pg_restore are asked for a database. */
export function loginOf({ program, args }: Call): Login | null {
  if (program === null || !Object.hasOwn(VALUED, program)) return null;
  const { options } = readOptions(args, grammarOf(program));
  const named = (...names: string[]): string | null => {
    const value = options.find(({ name }) => names.includes(name))?.value ?? null;
    return value?.includes(UNKNOWN) ? null : value;
  };
  const asks = program === 'psql' || program === 'pg_restore';
  return { role: named('-U', '--username'), name: asks ? named('-d', '--dbname') : null };
}

/** What a psql is told to do. */
export interface Psql {
  /** How many `-c` it has. */
  commands: number;
  /** It has `-f`. */
  file: boolean;
  /** It stops at the first error, by an option. */
  stops: boolean;
  /** It only says what it is, or lists databases. */
  tells: boolean;
  /** Some of its words are variables that may hold any of these. */
  unknown: boolean;
}

/** A variable that says where the database is, and no options. */
const ADDRESS = /url|uri|dsn|conn|database|db|host|user|name/i;

export function psqlOf({ args }: Call): Psql {
  const { options, operands } = readOptions(args, grammarOf('psql'));
  const count = (...names: string[]) => options.filter(({ name }) => names.includes(name)).length;
  const set = options.filter(({ name }) => ['-v', '--set', '--variable'].includes(name));
  return {
    commands: count('-c', '--command'),
    file: count('-f', '--file') > 0,
    stops: set.some(({ value }) => switchesOn(value ?? '')),
    tells: count('-l', '--list', '-V', '--version', '-?', '--help') > 0,
    unknown: operands.some(({ many, variable }) => many && !ADDRESS.test(variable ?? '')),
  };
}

const switchesOn = (setting: string) => /^ON_ERROR_STOP=(?!0$|off$|false$|no$)/i.test(setting);

/** Whether a text of psql’s stops at its first error. */
export const scriptStops = (sql: string): boolean =>
  /^[ \t]*\\set[ \t]+ON_ERROR_STOP[ \t]+(?!0\b|off\b|false\b)\S/im.test(sql);
