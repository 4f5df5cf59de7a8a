import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { expect, it } from 'vitest';

/** What is tried on a sentence of 300 characters at most (see suggest.ts): a square of it is soon over, a power is not. */
const ON_SHORT_TEXTS = ['tools/expect/rewrites.ts'];

/** These become part of the sentences, which are looked at as they are compiled. */
const OF_SENTENCES = ['tools/expect/gaps.ts'];

interface Expression {
  at: string;
  source: string;
  flags: string;
}

/** Those written in the tools, once each. */
function literals(): Expression[] {
  const found = new Map<string, Expression>();
  const lookIn = (file: string) => {
    const parsed = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node) => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        const line = parsed.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        const [source, flags] = [node.text.slice(1, end), node.text.slice(end + 1)];
        found.set(node.text, { at: `${file}:${line}`, source, flags });
      }
      ts.forEachChild(node, visit);
    };
    visit(parsed);
  };
  for (const name of readdirSync('tools', { recursive: true, encoding: 'utf8' }))
    if (/\.(ts|mjs)$/.test(name)) lookIn(join('tools', name));
  return [...found.values()];
}

/** Those that are put together as modules are loaded, by the tools themselves or for their sentences. */
async function composed(): Promise<Expression[]> {
  const found = new Map<string, Expression>();
  const Own = globalThis.RegExp;
  globalThis.RegExp = new Proxy(Own, {
    construct(target, words) {
      const made = Reflect.construct(target, words) as RegExp;
      const at = new Error().stack?.split('\n').find((line) => line.includes('/tools/'));
      if (at) found.set(String(made), { at: at.trim(), source: made.source, flags: made.flags });
      return made;
    },
  });
  try {
    await import('../tools/check/check.ts');
    await import('../tools/expect/suggest.ts');
  } finally {
    globalThis.RegExp = Own;
  }
  return [...found.values()];
}

/** It counts the characters that are read, and no clock of a machine that has much to do. */
const BY_STEPS = { seedingTimeout: null, incubationTimeout: null, attackTimeout: null };

/** How an expression can be made to take long, where it can. */
function slowness({ at, source, flags }: Expression): string | null {
  const isShort = ON_SHORT_TEXTS.some((file) => at.startsWith(file));
  const timeout = isShort ? 2000 : 300_000;
  const { status, ...found } = checkSync(source, flags.replace('d', ''), { ...BY_STEPS, timeout });
  const complexity = 'complexity' in found ? found.complexity : undefined;
  const isSlow = isShort ? complexity?.type === 'exponential' : status !== 'safe';
  return isSlow ? `${at}: /${source}/${flags} is ${complexity?.summary ?? status}` : null;
}

const slowOf = (expressions: Expression[]) => expressions.map(slowness).filter((words) => words !== null);

it('no text makes a regular expression of the tools take time with the square of its length', () => {
  const all = literals();
  expect(all.length).toBeGreaterThan(400);
  expect(slowOf(all.filter(({ at }) => !OF_SENTENCES.some((file) => at.startsWith(file))))).toEqual([]);
});

it('nor one that the tools put together, for their sentences above all', async () => {
  const all = await composed();
  expect(all.length).toBeGreaterThan(50);
  expect(slowOf(all)).toEqual([]);
});

it('and one that does is seen', () => {
  const of = (source: string) => slowness({ at: 'here', source, flags: '' });
  expect(of('^(a+)+$')).toBe('here: /^(a+)+$/ is exponential');
  expect(of('\\s+$')).toBe('here: /\\s+$/ is 2nd degree polynomial');
});
