const LEAD = /^(\s|--[^\n]*(?:\n|$)|\/\*.*?\*\/)*/s;

/** The blanks and comments above the first word of a text of SQL. */
export const sqlLead = (sql: string): string => LEAD.exec(sql)?.[0] ?? '';
