import type { Rule } from './rule.ts';
import { certain } from './rules/certain.ts';
import { comments } from './rules/comments.ts';
import { curl } from './rules/curl.ts';
import { database } from './rules/database.ts';
import { endless } from './rules/endless.ts';
import { hidden } from './rules/hidden.ts';
import { interactive } from './rules/interactive.ts';
import { patterns } from './rules/patterns.ts';
import { pipes } from './rules/pipes.ts';
import { placeholders } from './rules/placeholders.ts';
import { psql } from './rules/psql.ts';
import { psqlRows } from './rules/psql-rows.ts';
import { rollback } from './rules/rollback.ts';
import { secrets } from './rules/secrets.ts';
import { sentences } from './rules/sentences.ts';
import { steps } from './rules/steps.ts';
import { stopped } from './rules/stopped.ts';
import { syntax } from './rules/syntax.ts';
import { unjudged } from './rules/unjudged.ts';

/** What is looked for, in order. The parser has reported what it could not read before these begin. */
export const RULES: readonly Rule[] = [
  steps,
  sentences,
  certain,
  patterns,
  unjudged,
  comments,
  syntax,
  secrets,
  interactive,
  endless,
  curl,
  pipes,
  psql,
  psqlRows,
  hidden,
  database,
  stopped,
  placeholders,
  rollback,
];
