import type Token from 'markdown-it/lib/token.mjs';
import { spanOfFrontMatter } from '../document/front-matter.ts';
import { markdown } from '../document/markdown.ts';
import { slug } from '../document/slug.ts';
import type { Change } from './change.ts';
import { fenceFor, languageOf, type Piece, piecesOf } from './session.ts';
import { stepHeadings, withoutNumber } from './steps.ts';

/**
 * Turns a page that somebody wrote for people into a runbook, as far as that can be told from the page: prompts are taken
 * away, and what stands below them becomes what is expected; fences that run get a language and a name, what is called
 * “Expected result” or “You should see” the label, and sections that follow each other become steps. What a page says is
 * never taken away, and what it leaves open stays so: `check` names that.
 */
export function adoptPage(source: string, frontMatter: readonly string[]): string {
  const text = source.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const end = spanOfFrontMatter(text)?.end ?? 0;
  const [hasOwn, body] = [text.slice(0, end), text.slice(end)];
  const lines = body.split('\n');
  const tokens = markdown.parse(body, {});
  const changes = [...stepHeadings(tokens), ...labels(tokens, lines), ...fences(tokens, lines)];
  let at = 0;
  const made: string[][] = [];
  for (const { start, end, lines: instead } of changes.sort((a, b) => a.start - b.start)) {
    made.push(lines.slice(at, start), instead);
    at = end;
  }
  const page = [...made, lines.slice(at)].flat().join('\n');
  const front =
    hasOwn === ''
      ? frontMatter.map((line) => `${line}\n`).join('')
      : withKeys(hasOwn, frontMatter.slice(1, -1));
  const isApart = front !== '' && (hasOwn === '' || /^\s*\n/.test(body));
  return `${front}${isApart ? '\n' : ''}${page.trim()}\n`;
}

/** A page's own front matter, with what it does not say itself above its last line. */
function withKeys(own: string, lines: readonly string[]): string {
  const added: string[] = [];
  let isKnown = false;
  for (const line of lines) {
    const key = /^(\w+):/.exec(line)?.[1];
    if (key !== undefined) isKnown = own.split('\n').some((one) => one.startsWith(`${key}:`));
    if (!isKnown) added.push(`${line}\n`);
  }
  return own.replace(/(?:---|\.\.\.)[ \t]*\n?$/, (last) => `${added.join('')}${last}`);
}

/** Words of a paragraph that say what a command prints, whatever their letters and their colon. */
const EXPECTED =
  /^[*_ ]*(?:you should (?:see|get)(?: something like)?(?: this)?|(?:the )?(?:expected|sample|example) (?:output|results?)|expected|(?:the )?output(?: is)?|(?:the )?results?(?: is)?|should (?:print|show|return)|prints|returns)[*_ ]*:[*_ ]*/i;

function labels(tokens: Token[], lines: string[]): Change[] {
  return tokens.flatMap((token, i) => {
    const at = token.map?.[0];
    // Below a fence alone does it speak of what the fence prints.
    if (token.type !== 'paragraph_open' || at === undefined || !followsFence(tokens, i)) return [];
    const line = lines[at] ?? '';
    const found = EXPECTED.exec(line.trim())?.[0];
    if (found === undefined) return [];
    const rest = line.trim().slice(found.length);
    const label = `${indentOf(line)}**Expected output:**${rest === '' ? '' : ` ${rest}`}`;
    // A list or a fence right below it would be taken for a part of its paragraph by a reader.
    const blank = rest === '' && (lines[at + 1] ?? '') !== '' ? [''] : [];
    return [{ start: at, end: at + 1, lines: [label, ...blank] }];
  });
}

/** Whether the part before a token is a fence. */
const followsFence = (tokens: Token[], i: number): boolean => tokens[i - 1]?.type === 'fence';

/** Each fence that runs, or that shows a session at a prompt, with a name for what runs in it. */
function fences(tokens: Token[], lines: string[]): Change[] {
  const changes: Change[] = [];
  const taken = new Set<string>();
  let heading = 'block';
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'heading_open') heading = slug(withoutNumber(tokens[i + 1]?.content ?? ''));
    if (token.type !== 'fence' || !token.map || token.info.includes('{')) continue;
    const [start, end] = token.map;
    const language = languageOf(token.info, token.content);
    const label = isExpected(lines, start);
    if (language === null || label) {
      if (token.info.trim() === '' && label) changes.push(oneLine(lines, start, `${token.markup}text`));
      continue;
    }
    const indent = indentOf(lines[start]);
    const pieces = piecesOf(token.content, language);
    const made = pieces.map((piece) => fenceFor(piece, nameOf(piece, heading, taken), token.markup));
    const below = made.flatMap((one, n) => (n === 0 ? one : ['', ...one]));
    changes.push({ start, end, lines: below.map((line) => (line === '' ? '' : `${indent}${line}`)) });
  }
  return changes;
}

const oneLine = (lines: string[], at: number, text: string): Change => ({
  start: at,
  end: at + 1,
  lines: [`${indentOf(lines[at])}${text}`],
});

const indentOf = (line = ''): string => line.slice(0, line.length - line.trimStart().length);

/** Whether what stands above a fence says that this is what is printed. */
function isExpected(lines: string[], start: number): boolean {
  let at = start - 1;
  while (at >= 0 && lines[at]?.trim() === '') at--;
  return EXPECTED.test(lines[at]?.trim() ?? '');
}

/** The heading, in few words, and else what is called first. */
function nameOf({ code }: Piece, heading: string, taken: Set<string>): string {
  const words = code.split('\n').map((line) => /^(?:sudo )?([a-z][\w-]*)/i.exec(line.trim())?.[1]);
  const word = words.find((one) => one !== undefined)?.toLowerCase() ?? 'block';
  const stem = heading.split('-').slice(0, 4).join('-') || word;
  const usable = /^[a-z][\w-]*$/.test(stem) ? stem : word;
  let name = usable;
  for (let n = 2; taken.has(name); n++) name = `${usable}-${n}`;
  taken.add(name);
  return name;
}
