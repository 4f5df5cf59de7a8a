import * as z from 'zod';
import type { Event } from './event.ts';

/**
 * What a reader of events relies on: more may be there, and what nobody computes with is left alone. A journal may have
 * been cut, edited or copied badly, and is read to decide what a real run goes on with.
 */
const at = z.iso.datetime();
const line = z.number();
const strings = z.record(z.string(), z.string());

const captured = z.looseObject({ text: z.string() });

const changes = z.array(
  z.looseObject({ table: z.string(), inserted: z.number(), updated: z.number(), deleted: z.number() }),
);

const effects = z
  .union([
    z.looseObject({
      tables: changes,
      catalog: changes,
      rewritten: z.array(z.string()),
      locks: z.array(z.looseObject({ table: z.string(), mode: z.string(), ms: z.number() })),
      unlogged: z.array(z.string()).optional(),
      looks_apart_ms: z.number().optional(),
      wal_bytes: z.number(),
    }),
    z.looseObject({ unmeasured: z.string() }),
  ])
  .optional();

const shellOutput = z.looseObject({
  kind: z.literal('shell'),
  exitCode: z.number(),
  stdout: captured,
  stderr: captured,
  exports: strings,
  unreadable: z.array(z.string()).optional(),
  effects,
  left: z.array(z.looseObject({ pid: z.number(), command: z.string() })).optional(),
});

const result = z.looseObject({
  title: z.string(),
  command: z.string(),
  columns: z.array(z.looseObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.string().nullable())),
  rowCount: z.number(),
  durationMs: z.number(),
});

const sqlOutput = z.looseObject({
  kind: z.literal('sql'),
  results: z.array(result),
  refusal: z.looseObject({ sqlstate: z.string(), message: z.string() }).nullable(),
  openTransaction: z.boolean().optional(),
  notices: captured.optional(),
  effects,
});

const judged = z.looseObject({
  text: z.string(),
  line,
  status: z.enum(['passed', 'failed', 'not-run']),
  expected: z.string(),
  actual: z.string(),
  lines: z
    .array(
      z.looseObject({ expected: z.string().nullable(), actual: z.string().nullable(), same: z.boolean() }),
    )
    .optional(),
});

const outcome = z.looseObject({
  status: z.enum(['passed', 'failed', 'unknown', 'not-run']),
  why: z.looseObject({ message: z.string(), line, column: z.number() }).nullable(),
  expectations: z.array(judged),
  captured: strings,
});

const files = z.array(z.string()).optional();

const facts = z.looseObject({
  name: z.string(),
  section: z.string(),
  heading: z.string(),
  line,
  language: z.string(),
  on: z.string(),
  effect: z.string(),
  key: z.string().nullable().default(null),
  done: z.string().nullable().default(null),
  text: z.string(),
  budget_ms: z.tuple([z.number(), z.number()]).nullable(),
  expectations: z.array(z.looseObject({ text: z.string(), line })),
  probe_of: z.string().optional(),
});

const begunFact = { type: z.literal('block-begun'), unit: z.string(), boot: z.string().nullable() };
const preparedFact = {
  type: z.literal('statement-prepared'),
  index: z.number(),
  xid: z.string().nullable(),
  epoch: z.string().nullish(),
  results: z.array(result),
};

const begun = z.looseObject({
  run: z.string(),
  name: z.string(),
  attempt: z.number(),
  at,
  answered: z.looseObject(begunFact).nullable(),
  prepared: z.array(z.looseObject(preparedFact)),
});

const identity = z.looseObject({
  host: z.string(),
  machine_id: z.string().nullable(),
  directory: z.string(),
  system_identifier: z.string().nullable(),
  database: z.string().nullable(),
});

const rehearsed = z.union([
  z.looseObject({
    run: z.string(),
    at,
    replica: z.enum(['embedded', 'docker']),
    data: z.string().nullable(),
  }),
  z.looseObject({ reason: z.string() }),
]);

const runStarted = z.looseObject({
  type: z.literal('run-started'),
  at,
  format: z.number(),
  id: z.string(),
  pid: z.int().positive().optional(),
  runbook: z.looseObject({ path: z.string(), title: z.string(), sha256: z.string() }),
  target: z.looseObject({ name: z.string(), kind: z.string(), server_version: z.string().nullable() }),
  identity: identity.nullable().default(null),
  bytes: z.string().nullable().default(null),
  data: z.string().nullable().default(null),
  rehearsed: rehearsed.nullable().default(null),
  expected_ms: z.record(z.string(), z.number()).default({}),
  procedure: z.string(),
  part: z.boolean().optional(),
  blocks: z.array(facts),
  resumes: z.string().nullable(),
  environment_secrets: z.array(z.string()).optional(),
  unjudged: z.looseObject({ claims: z.number(), items: z.number() }).optional(),
});

const event = z.discriminatedUnion('type', [
  runStarted,
  z.looseObject({ type: z.literal('phase-finished'), at, phase: z.string(), duration_ms: z.number() }),
  z.looseObject({
    type: z.literal('block-started'),
    at,
    name: z.string(),
    attempt: z.number(),
    goes_on: begun.optional(),
  }),
  z.looseObject({ ...begunFact, at, name: z.string(), attempt: z.number() }),
  z.looseObject({ ...preparedFact, at, name: z.string(), attempt: z.number() }),
  z.looseObject({
    type: z.literal('block-carried'),
    at,
    name: z.string(),
    from: z.looseObject({ run: z.string(), at }),
    because: z.enum(['passed', 'probe', 'person']),
    outcome,
    output: z.union([shellOutput, sqlOutput]).nullable(),
    files,
    duration_ms: z.number(),
  }),
  z.looseObject({
    type: z.literal('link-changed'),
    at,
    name: z.string(),
    attempt: z.number(),
    state: z.enum(['lost', 'back']),
    why: z.string(),
  }),
  z.looseObject({
    type: z.literal('block-finished'),
    at,
    name: z.string(),
    outcome,
    output: z.union([shellOutput, sqlOutput]).nullable(),
    files,
    unanswered: z.boolean().optional(),
    duration_ms: z.number(),
  }),
  z.looseObject({
    type: z.literal('question-answered'),
    at,
    text: z.string(),
    line,
    answer: z.enum(['yes', 'no', 'assumed', 'none']),
    gate: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('run-finished'),
    at,
    status: z.enum(['passed', 'failed', 'unknown', 'aborted']),
    why: z.string().nullable(),
  }),
]);

/** The event that a line of a journal holds, or null where it holds none. */
export function eventOf(line: string): Event | null {
  try {
    return event.parse(JSON.parse(line)) as Event;
  } catch {
    return null;
  }
}
