import { LineCounter, parseDocument as parseYaml } from 'yaml';
import { z } from 'zod';
import type { Report } from './problem.ts';

const variables = z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.coerce.string()).default({});

/** What stands between the `---` lines at the top. No secret belongs here. */
const schema = z.strictObject({
  /** Seen by every block as environment variables, on every target that does not say otherwise. */
  variables,
  /** Where the real thing is. */
  nas: z
    .strictObject({
      /** `user@host`, or a name of ~/.ssh/config. */
      ssh: z.string().regex(/^[^\s-]\S*$/),
      /** The compose project's directory there. */
      directory: z.string().startsWith('/'),
    })
    .optional(),
  /** The PostgreSQL that `sql` blocks and DATABASE_URL speak to: a compose service, a role, a database. */
  database: z
    .strictObject({ service: z.string().min(1), user: z.string().min(1), name: z.string().min(1) })
    .optional(),
  /** How a stand-in for the host is made. Paths are relative to the runbook. */
  replica: z
    .strictObject({
      stack: z.string().min(1),
      /** Variables of compose.yaml that each get a free port. */
      ports: z.array(z.string()).default([]),
      /** SQL files, run in order in one session; `{data}` is small, medium or large. */
      seed: z.array(z.string()).default([]),
      /** As `variables`; `{NAME}` is the port given to NAME. */
      variables,
      /** Every procedure, in the order in which `rehearse --all` runs them on one replica; one may stand twice. */
      order: z.array(z.string()).default([]),
    })
    .optional(),
});

export type FrontMatter = z.infer<typeof schema>;

/** Splits the front matter off; `body` keeps as many lines, so that numbers stay. */
export function splitFrontMatter(text: string, report: Report): { frontMatter: FrontMatter; body: string } {
  const none = { frontMatter: schema.parse({}), body: text };
  const opened = /^---[ \t]*\n/.exec(text);
  if (!opened) return none;
  const closed = /\n(---|\.\.\.)[ \t]*(\n|$)/.exec(text.slice(opened[0].length - 1));
  if (!closed) {
    report(
      'front-matter',
      { line: 1, column: 1 },
      'the front matter never ends',
      'close it with a line `---`',
    );
    return none;
  }
  const end = opened[0].length - 1 + closed.index + closed[0].length;
  const yaml = text.slice(opened[0].length, opened[0].length + Math.max(0, closed.index));
  const blank = '\n'.repeat(text.slice(0, end).split('\n').length - 1);
  return { frontMatter: read(yaml, report), body: blank + text.slice(end) };
}

function read(yaml: string, report: Report): FrontMatter {
  const lines = new LineCounter();
  const document = parseYaml(yaml, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: line + 1, column: col };
  };
  for (const error of document.errors) {
    report('front-matter', at(error.pos[0]), `the front matter is no YAML: ${error.message}`, 'mend it');
  }
  if (document.errors.length > 0) return schema.parse({});
  const result = schema.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
    const name = path.length > 0 ? `\`${path.join('.')}\`` : 'the front matter';
    report(
      'front-matter',
      at(node?.range?.[0] ?? 0),
      `${name}: ${issue.message}`,
      'see the README, “Front matter”',
    );
  }
  return schema.parse({});
}
