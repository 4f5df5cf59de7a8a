import MarkdownIt from 'markdown-it';
import type Renderer from 'markdown-it/lib/renderer.mjs';
import type Token from 'markdown-it/lib/token.mjs';
import { spanOfFrontMatter } from '../../document/front-matter.ts';
import { printable } from '../style.ts';
import { highlighted } from './highlight.ts';
import { html, type Markup, trusted } from './markup.ts';

/** What stands beside the lines of a page, numbered from 1; `from` to `to` are both of them in it. */
export interface Margin {
  /** What stands in the place of the fence that begins at a line; null where it is shown as it is. */
  fence(line: number): Markup | null;
  /** What stands before the text of these lines: verdicts of its sentences. */
  before(from: number, to: number): Markup[];
  /** What stands below it: both sides of those that failed. */
  below(from: number, to: number): Markup[];
}

/**
 * The page as forges show it, in HTML; what is HTML in it is shown as text. What stands below a heading of the second level
 * is a part, with it: a browser lays those out that are looked at.
 */
export function renderedPage(text: string, margin: Margin): Markup {
  const tokens = page.parse(withoutFrontMatter(text), {});
  const rendered = page.renderer.render(withoutTitle(tokens), page.options, { margin });
  return trusted(`<div class="part">${rendered}</div>`);
}

/** With as many lines, so that numbers stay. */
function withoutFrontMatter(text: string): string {
  const span = spanOfFrontMatter(text);
  if (!span) return text;
  return '\n'.repeat(text.slice(0, span.end).split('\n').length - 1) + text.slice(span.end);
}

/** The first heading of the first level is the head of the whole page already. */
function withoutTitle(tokens: Token[]): Token[] {
  const at = tokens.findIndex(({ type, tag }) => type === 'heading_open' && tag === 'h1');
  return at === -1 ? tokens : tokens.toSpliced(at, 3);
}

const page = new MarkdownIt('commonmark', { html: true }).enable('table');

type Rule = (tokens: Token[], at: number, margin: Margin, self: Renderer) => string;

const rule = (name: string, render: Rule) => {
  page.renderer.rules[name] = (tokens, at, _options, env: { margin: Margin }, self) =>
    render(tokens, at, env.margin, self);
};

/** The lines of a token, numbered from 1, both of them in it; none where markdown-it knows none. */
const linesOf = ({ map }: Token): [number, number] => (map ? [map[0] + 1, map[1]] : [0, -1]);

/** The token that opens what the token at `at` closes: neither paragraphs nor tables stand in one of their own kind. */
function openingOf(tokens: Token[], at: number): Token {
  const type = tokens[at]?.type.replace('_close', '_open');
  let i = at;
  while (tokens[i]?.type !== type) i -= 1;
  return tokens[i] as Token;
}

/** Where it is wider than the page, whoever has no pointer scrolls it with the keyboard. */
const codeOf = (text: Markup | string): Markup => html`<pre tabindex="0"><code>${text}</code></pre>`;

const joined = (parts: Markup[]): string => parts.map(({ markup }) => markup).join('');

const plain: Rule = (tokens, at, _margin, self) => self.renderToken(tokens, at, page.options);

/** Markdown gives a paragraph of a tight list no tag of its own, and its verdicts all the same. */
rule('paragraph_open', (tokens, at, margin, self) => {
  const token = tokens[at] as Token;
  return plain(tokens, at, margin, self) + joined(margin.before(...linesOf(token)));
});
rule('paragraph_close', (tokens, at, margin, self) => {
  const opened = openingOf(tokens, at);
  return plain(tokens, at, margin, self) + joined(margin.below(...linesOf(opened)));
});
rule('table_open', (tokens, at, margin, self) => {
  const before = margin.before(...linesOf(tokens[at] as Token));
  return `${joined(before)}<div class="wide" tabindex="0" role="group" aria-label="table">${plain(tokens, at, margin, self)}`;
});
rule('table_close', (tokens, at, margin, self) => {
  const opened = openingOf(tokens, at);
  return `${plain(tokens, at, margin, self)}</div>${joined(margin.below(...linesOf(opened)))}`;
});
rule('heading_open', (tokens, at, margin, self) => {
  const token = tokens[at] as Token;
  const [line] = linesOf(token);
  token.attrSet('id', `line:${line}`);
  const next = token.tag === 'h2' && token.level === 0 ? '</div><div class="part">' : '';
  return next + plain(tokens, at, margin, self);
});
rule('fence', (tokens, at, margin) => {
  const token = tokens[at] as Token;
  const [from, to] = linesOf(token);
  const block = margin.fence(from);
  if (block) return block.markup;
  const language = /^[\w-]*/.exec(token.info)?.[0] ?? '';
  const code = codeOf(highlighted(token.content.trimEnd(), language));
  return joined([...margin.before(from, to), code, ...margin.below(from, to)]);
});
rule('code_block', (tokens, at) => codeOf((tokens[at] as Token).content).markup);
rule('code_inline', (tokens, at) => html`<code>${(tokens[at] as Token).content}</code>`.markup);
rule('text', (tokens, at) => html`${checkbox((tokens[at] as Token).content)}`.markup);
for (const name of ['html_block', 'html_inline'])
  rule(name, (tokens, at) => html`${(tokens[at] as Token).content}`.markup);
/** Nothing is loaded from anywhere: a picture is a link to itself. */
rule('image', (tokens, at) => {
  const token = tokens[at] as Token;
  return html`<span class="picture">${printable(token.content) || 'a picture'}: ${token.attrGet('src')}</span>`
    .markup;
});
rule('link_open', (tokens, at, margin, self) => {
  (tokens[at] as Token).attrSet('rel', 'noreferrer');
  return plain(tokens, at, margin, self);
});

const checkbox = (text: string): string => text.replace(/^\[ \] /, '☐ ').replace(/^\[[xX]\] /, '☑ ');
