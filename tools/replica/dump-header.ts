/** What the head of a dump of pg_dump's custom format says of itself. */
export interface DumpHeader {
  database: string;
  /** Of the server that it was taken of, e.g. `14.23`. */
  serverVersion: string;
}

const MAGIC = 'PGDMP';
const CUSTOM = 1;

/** A server's version and the name of a database are short; more than that is no head. */
const LONGEST_WORD = 1024;

/**
 * Reads the head as pg_restore does (ReadHead in pg_backup_archiver.c): null where it is none of the custom format. It
 * needs the file's first few hundred bytes.
 */
export function parseDumpHeader(bytes: Buffer): DumpHeader | null {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC || bytes.length < 16) return null;
  const [major = 0, minor = 0, , intSize = 0, , format] = bytes.subarray(MAGIC.length);
  const version = major * 100 + minor;
  // 1.10 came with PostgreSQL 8.0, and from 1.12 on (9.0) nothing before the names has changed but the compression.
  if (format !== CUSTOM || version < 112 || intSize < 1 || intSize > 8) return null;
  let at = MAGIC.length + 6;
  const int = () => {
    const sign = bytes[at] === 0 ? 1 : -1;
    const value = bytes.subarray(at + 1, at + 1 + intSize).reduce((sum, byte, i) => sum + byte * 256 ** i, 0);
    at += 1 + intSize;
    return sign * value;
  };
  const word = () => {
    const length = int();
    if (length < 0 || length > LONGEST_WORD || at + length > bytes.length) return null;
    at += length;
    return bytes.toString('utf8', at - length, at);
  };
  // From 1.15 on (PostgreSQL 16) one byte names the algorithm of compression; before, a number its level.
  if (version >= 115) at += 1;
  else int();
  const DATE_PARTS = 7;
  for (let i = 0; i < DATE_PARTS; i++) int();
  const [database, serverVersion] = [word(), word()];
  return database === null || serverVersion === null ? null : { database, serverVersion };
}

/** `14` of `14.23 (Debian …)`, and `9.6` of `9.6.24`. */
export const majorOf = (version: string): string => /^(9\.\d+|\d+)/.exec(version)?.[0] ?? version;
