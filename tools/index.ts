/**
 * The engine's public API: what code outside of it may import, such as that of one migration. Nothing else of the engine
 * is for it.
 */

/** Where Chromium is on this machine: the one that CHROMIUM names, or the first that is there; null where there is none. */
export { chromiumPath } from './machine/chromium.ts';
/** Positions in a text: a type, and how to find the place of a character, also as PostgreSQL counts them. */
export { codeUnits, type Place, placeIn } from './text/place.ts';
/** Splits a text of SQL into its statements, as PostgreSQL's own parser does; says where each one stands. */
export { splitSql } from './text/split-sql.ts';
/** The blanks and comments above the first word of a text of SQL. */
export { sqlLead } from './text/sql-lead.ts';
