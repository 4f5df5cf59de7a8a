import type Token from 'markdown-it/lib/token.mjs';
import { stripHtml } from '../text/html.ts';
import { type Line, labelsOf, linesIn, plainText } from './label.ts';
import { cellProblem, htmlProblem, itemProblem, labelProblem, unclosedProblem } from './lookalikes.ts';
import type { Part, PartOf } from './part.ts';
import { placeInLine, placeOfToken } from './place.ts';
import type { Place, Problem } from './problem.ts';

/** A token in its surroundings. */
interface Spot {
  token: Token;
  /** The tokens that follow. */
  next: (Token | undefined)[];
  at: Place;
  lines: string[];
}

/** The page's parts, from markdown-it's tokens; `lines` are the document's. */
export function partsOf(tokens: Token[], lines: string[]): Part[] {
  const parts: Part[] = [];
  const openLists: PartOf<'list'>[] = [];
  let row: Token | null = null;
  let table: PartOf<'table'> | null = null;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.type === 'tr_open') {
      row = token;
      table?.rows.push([]);
    }
    if (table && token.type === 'table_close') table.end = parts.length;
    if (token.type === 'bullet_list_close' || token.type === 'ordered_list_close')
      (openLists.pop() as PartOf<'list'>).end = parts.length;
    const read = READERS[token.type];
    if (!read) continue;
    // The cells of a table do not know where they stand; their row does.
    const at = placeOfToken(lines, read === cell && row ? row : token);
    for (const part of read({ token, next: tokens.slice(i + 1, i + 3), at, lines })) {
      parts.push(part);
      if (part.kind === 'list') openLists.push(part);
      if (part.kind === 'table') table = part;
      if (read === cell && part.kind === 'text') table?.rows.at(-1)?.push(part.text);
    }
  }
  return parts;
}

const READERS: Record<string, (spot: Spot) => Part[]> = {
  heading_open: heading,
  paragraph_open: paragraph,
  fence,
  bullet_list_open: list,
  ordered_list_open: list,
  list_item_open: item,
  table_open: ({ token, at }) => [{ kind: 'table', rows: [], end: 0, level: token.level, ...at }],
  th_open: cell,
  td_open: cell,
  html_block: html,
  code_block: ({ token, at }) => [{ kind: 'indented', level: token.level, ...at }],
  hr: ({ token, at }) => [{ kind: 'rule', level: token.level, ...at }],
};

const textOf = (inline: Token | undefined): string =>
  inline?.type === 'inline' ? plainText(inline.children ?? []) : '';

const linesOfInline = (inline: Token | undefined): Line[] =>
  inline?.type === 'inline' ? linesIn(inline) : [];

const flaw = ({ level }: Token, problem: Problem | null): Part[] =>
  problem ? [{ kind: 'flaw', problem, level, line: problem.line, column: problem.column }] : [];

function heading({ token, next: [inline], at }: Spot): Part[] {
  const text = textOf(inline).trim();
  const rank = Number(token.tag.slice(1));
  const problem = labelProblem({ words: text, why: 'is a heading' }, at);
  return [{ kind: 'heading', rank, text, level: token.level, ...at }, ...flaw(token, problem)];
}

const textPart = (inline: Token | undefined, level: number, { line, column }: Place): Part => ({
  kind: 'text',
  text: textOf(inline),
  lines: linesOfInline(inline),
  level,
  line,
  column,
});

function paragraph({ token, next: [inline], at, lines }: Spot): Part[] {
  const { level } = token;
  const labels = inline?.type === 'inline' ? labelsOf(inline) : [];
  return [
    textPart(inline, level, at),
    ...labels.flatMap((found): Part[] => {
      const place = placeInLine(lines, at.line + found.below);
      if ('why' in found) return flaw(token, labelProblem(found, place));
      return [{ kind: 'label', label: found.kind, rest: found.rest, level, ...place }];
    }),
  ];
}

function fence({ token, at, lines }: Spot): Part[] {
  const { info, markup, content, level } = token;
  const column = (lines[at.line - 1] ?? '').indexOf(markup) + markup.length + 1;
  return [
    ...flaw(token, unclosedProblem(token, at)),
    {
      kind: 'fence',
      info,
      infoPlace: { line: at.line, column },
      language: /^\s*([^\s{]*)/.exec(info)?.[1] ?? '',
      text: content,
      body: { line: at.line + 1, column: at.column },
      level,
      ...at,
    },
  ];
}

/** Its `end` is set when the parts inside it are known. */
function list({ token, at }: Spot): Part[] {
  return [{ kind: 'list', end: 0, level: token.level, ...at }];
}

function item({ token, next: [first, inline], at, lines }: Spot): Part[] {
  const text = textOf(inline);
  const place = inline?.type === 'inline' ? placeOfToken(lines, inline) : at;
  const lastLine = token.map?.[1] ?? at.line;
  const isEmpty = first?.type === 'list_item_close';
  return [
    { kind: 'item', text, isEmpty, lastLine, level: token.level, ...place },
    ...flaw(token, itemProblem(text, place)),
  ];
}

function cell({ token, next: [inline], at }: Spot): Part[] {
  const problem = inline?.type === 'inline' ? cellProblem(inline, at) : null;
  return [textPart(inline, token.level, at), ...flaw(token, problem)];
}

function html({ token, at }: Spot): Part[] {
  return [
    { kind: 'html', text: stripHtml(token.content, 'comments and tags').text, level: token.level, ...at },
    ...flaw(token, htmlProblem(token.content, at)),
  ];
}
