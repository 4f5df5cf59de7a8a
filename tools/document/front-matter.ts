import {
  isMap,
  isScalar,
  Lexer,
  LineCounter,
  Parser,
  parseDocument as parseYaml,
  type Document as YamlDocument,
} from 'yaml';
import * as z from 'zod';
import { isSecretName, urlPasswords } from '../text/secret.ts';
import { faultsOf, MISSING } from './front-matter-faults.ts';
import { type HostAddress, type HostKeys, hostAddressSchema } from './host-address.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';

const variables = z
  .record(z.string().regex(/^[A-Za-z_]\w*$/, 'is no name of a variable'), z.string())
  .default({});

const hostName = z.string().regex(/^[a-z0-9][\w.-]*$/i, 'is no name of a host');

/** A path that leads nowhere else than below the directory that it is relative to. */
const BESIDE = /^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/;

/** A value that stands in the place of a mapping is that of its first key. */
const orOnly = <Schema extends z.ZodType>(key: string, schema: Schema) =>
  z.preprocess((value) => (typeof value === 'string' && value !== '' ? { [key]: value } : value), schema);

const word = z.string().min(1);

/** Images of other servers. Of any other name nobody can tell: PostgreSQL comes by many. */
const OTHER_SERVER = /^(?:.*\/)?(?:mysql|mariadb|percona|mongo(?:db)?|redis|valkey|mssql|oracle)(?![a-z])/;

/** Why an image is none of a `database`, in words that go on behind its name; null where it may be one. */
export const refusedImage = (image: string): string | null =>
  OTHER_SERVER.test(image) ? 'is no PostgreSQL, whose SQL the blocks are in' : null;

/**
 * Either somebody's service, with a role and a database of it, or an image: then it is a server of its own, with the
 * superuser and the database that the image would make.
 */
const databaseSchema = z
  .strictObject({
    image: word
      .refine((image) => refusedImage(image) === null, {
        error: ({ input }) => refusedImage(String(input)) ?? '',
      })
      .optional(),
    service: word.optional(),
    user: word.optional(),
    name: word.optional(),
  })
  .transform(({ image, ...given }, context) => {
    const { service = 'postgres', user = 'postgres', name = user } = given;
    const missing = image === undefined ? (['service', 'user', 'name'] as const) : [];
    for (const key of missing)
      if (given[key] === undefined) context.addIssue({ code: 'custom', path: [key], message: MISSING });
    return { service, user, name, ...(image === undefined ? {} : { image }) };
  });

/** How a stand-in for the host is made. Paths are relative to the runbook. */
const replicaSchema = z.strictObject({
  /** A compose file, or the directory that holds one; none where a database alone will do, or a shell. */
  stack: z.string().min(1).optional(),
  /** Variables of compose.yaml that each get a free port. */
  ports: z.array(z.string()).default([]),
  /** SQL files, run in order in one session; `{data}` is small, medium or large. */
  seed: z.array(z.string()).default([]),
  /** As `variables`; `{NAME}` is the port given to NAME. */
  variables,
  /**
   * Every procedure, in the order in which `rehearse --all` runs them on one replica; one may stand
   * twice.
   */
  order: z.array(z.string()).default([]),
});

/** What may stand between the `---` lines at the top, but for the hosts. No secret belongs here. */
const withoutHosts = z.strictObject({
  /** Seen by every block as environment variables, wherever it runs, unless a replica says otherwise. */
  variables,
  /**
   * The PostgreSQL that `sql` blocks and DATABASE_URL speak to: a compose service, a role, a database. Where a replica has
   * no stack, it is an image alone, as in `database: postgres:14`, or also who and what.
   */
  database: orOnly('image', databaseSchema).optional(),
  /** Files and directories that blocks use: a rehearsal vouches for their bytes, too. Relative to the runbook. */
  inputs: z.array(z.string().regex(BESIDE, 'does not stand beside the runbook')).default([]),
  /** Procedures that lead back, the mildest first: the last page of a run that did not pass names them. */
  rollback: z.array(z.string()).default([]),
  /** How a stand-in for the host is made, or only its `stack`. */
  replica: orOnly('stack', replicaSchema).optional(),
});

/** What the front matter says, the short form of a host written out. */
export interface FrontMatter extends z.infer<typeof withoutHosts> {
  /** Where the real thing is, by the names that `on=` calls it. */
  hosts: Record<string, HostAddress>;
  /** Where `rollback` stands. */
  rollbackPlace: Place;
}

const EMPTY: FrontMatter = {
  ...withoutHosts.parse({}),
  hosts: {},
  rollbackPlace: { line: 1, column: 1 },
};

/** The host that stands at the top of the front matter where it is written in the short form. */
const SHORT_FORM = 'nas';

/** What `on=` may call a host: the names of the front matter, or where it names none, that of the short form. */
export const hostNames = ({ hosts }: FrontMatter): string[] =>
  Object.keys(hosts).length > 0 ? Object.keys(hosts) : [SHORT_FORM];

function schemaOf(keys: HostKeys) {
  const address = hostAddressSchema(keys);
  return withoutHosts.extend({
    hosts: z.record(hostName, address).default({}),
    [SHORT_FORM]: address.optional(),
    // What Runme writes about the page when it saves it: an id, and its own version.
    runme: z.unknown().optional(),
  });
}

/** Splits the front matter off; `body` keeps as many lines, so that numbers stay. */
export function splitFrontMatter(
  text: string,
  keys: HostKeys,
  report: Report,
): { frontMatter: FrontMatter; body: string } {
  const none = { frontMatter: EMPTY, body: text };
  const opened = OPENED.exec(text);
  if (!opened) {
    const late = /^\s*\n---[ \t]*\n[\w-]+:/.exec(text);
    const line = late ? late[0].trimEnd().split('\n').length - 1 : 1;
    if (late) report(problems.lateFrontMatter({ line, column: 1 }));
    return none;
  }
  const span = spanOfFrontMatter(text);
  if (!span) {
    report(problems.endlessFrontMatter({ line: 1, column: 1 }));
    return none;
  }
  const { yaml, end } = span;
  const blank = '\n'.repeat(text.slice(0, end).split('\n').length - 1);
  return { frontMatter: read(yaml, keys, report), body: blank + text.slice(end) };
}

const OPENED = /^---[ \t]*\n/;

/** What stands between the first two lines of hyphens, and where the page goes on; null where it has no such lines. */
export function spanOfFrontMatter(text: string): { yaml: string; end: number } | null {
  const opened = OPENED.exec(text)?.[0].length ?? null;
  const closed = opened === null ? null : /\n(---|\.\.\.)[ \t]*(\n|$)/.exec(text.slice(opened - 1));
  if (opened === null || !closed) return null;
  return {
    yaml: text.slice(opened, opened + Math.max(0, closed.index)),
    end: opened - 1 + closed.index + closed[0].length,
  };
}

/** A runbook is mailed, pasted and published. */
function refuseSecrets(frontMatter: FrontMatter, at: (path: string[]) => Place, report: Report): void {
  for (const [path, values] of [
    [['variables'], frontMatter.variables],
    [['replica', 'variables'], frontMatter.replica?.variables ?? {}],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      if (value === '' || !(isSecretName(name) || urlPasswords(value).length > 0)) continue;
      report(problems.secretVariable(at([...path, name])));
    }
  }
}

/** To put values together takes a part of the stack for each that stands in another: nobody's front matter is so deep. */
const MOST_LEVELS = 100;

/** Where a text of YAML begins one more level than so many; null where it does not. */
function placeBelow(levels: number, yaml: string): Place | null {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(yaml)) {
    // The parser's tokens are of no use here; its stack says how deep the text is nested.
    Array.from(parser.next(lexeme));
    if (parser.stack.length <= levels) continue;
    const { line, col } = lines.linePos(parser.offset);
    return { line, column: col };
  }
  return null;
}

function read(yaml: string, keys: HostKeys, report: Report): FrontMatter {
  const schema = schemaOf(keys);
  const deep = placeBelow(MOST_LEVELS, yaml);
  if (deep) {
    report(problems.deepFrontMatter({ ...deep, line: deep.line + 1 }, String(MOST_LEVELS)));
    return EMPTY;
  }
  const lines = new LineCounter();
  // Without YAML's own types: `VERSION: 1.10` means what it says.
  const document = parseYaml(yaml, { lineCounter: lines, prettyErrors: false, schema: 'failsafe' });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: line + 1, column: col };
  };
  // The others follow from the first, or are found when that one is mended.
  const [fault] = [...document.errors, ...document.warnings];
  if (fault) report(problems.noYaml(at(fault.pos[0]), fault.message));
  if (document.errors.length > 0) return EMPTY;
  const result = schema.safeParse(plain(document, report) || {});
  if (result.success) {
    const { [SHORT_FORM]: short, runme: _, hosts, ...rest } = result.data;
    if (short && Object.hasOwn(hosts, SHORT_FORM)) {
      report(problems.hostTwice(at(offsetOf(document, [SHORT_FORM])), SHORT_FORM));
    }
    const frontMatter = {
      ...rest,
      hosts: short ? { [SHORT_FORM]: short, ...hosts } : hosts,
      rollbackPlace: at(offsetOf(document, ['rollback'])),
    };
    refuseSecrets(frontMatter, (path) => at(offsetOf(document, path)), report);
    return frontMatter;
  }
  for (const { path, message, remedy } of result.error.issues.flatMap((issue) => faultsOf(issue, schema))) {
    const name = path.length > 0 ? `\`${path.join('.')}\`` : 'the front matter';
    report(problems.frontMatterKey(at(offsetOf(document, path)), name, message, remedy));
  }
  return EMPTY;
}

/** The values; an alias to nothing, or one that grows without end, is no value. */
function plain(document: YamlDocument, report: Report): unknown {
  try {
    return document.toJS();
  } catch (error) {
    report(problems.noYamlValue({ line: 1, column: 1 }, (error as Error).message));
    return {};
  }
}

/** Where a key stands, or else the nearest one around it that is there. */
function offsetOf(document: YamlDocument, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const pair = isMap(parent) && parent.items.find(({ key }) => String(key) === path[length - 1]);
    if (pair && isScalar(pair.key)) return pair.key.range?.[0] ?? 0;
  }
  return 0;
}
