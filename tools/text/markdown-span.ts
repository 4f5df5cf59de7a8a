/** Where each character of a plain text stands in the Markdown that it is the text of. */
export interface MarkdownSpan {
  /** Of each UTF-16 unit of the plain text, its offset in the source; and, as the last one, where it ends. */
  offsets: number[];
  /** Whether the unit stands in a code span, where nothing is escaped. */
  isCode(index: number): boolean;
}

/**
 * Finds a plain text in the Markdown that shows it, from `from` on and beginning on that line; null where what stands
 * there is written otherwise (a link, say), so that nobody can tell where its characters are.
 */
export function findInMarkdown(source: string, from: number, plain: string): MarkdownSpan | null {
  if (plain === '') return null;
  for (let start = from; start < source.length && !/[\r\n]/.test(source[start] as string); start++) {
    // What stands in a comment, no reader sees.
    start = behindComment(source, start);
    if (source[start] !== plain[0] && !MARKS.has(source[start] as string) && source[start] !== '&') continue;
    const offsets = follow(source, start, plain);
    if (!offsets) continue;
    const isCode = (index: number) => count(source.slice(start, offsets[index]), '`') % 2 === 1;
    return { offsets, isCode };
  }
  return null;
}

function behindComment(source: string, at: number): number {
  if (!source.startsWith('<!--', at)) return at;
  const end = source.indexOf('-->', at);
  return end < 0 ? at : end + '-->'.length;
}

const MARKS = new Set(['*', '_', '`', '\\']);
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function follow(source: string, start: number, plain: string): number[] | null {
  const offsets: number[] = [];
  let at = start;
  for (let i = 0; i < plain.length; ) {
    at = behindComment(source, at);
    const sign = source[at];
    if (sign === undefined) return null;
    if (sign === plain[i]) {
      offsets.push(at++);
      i++;
      continue;
    }
    const rest = source.slice(at, at + 200);
    const lineEnd = plain[i] === ' ' ? /^[ \t]*\\?(?:\r\n|\r|\n)[ \t>]*/.exec(rest)?.[0] : undefined;
    const [entity, name = ''] = /^&(\w+);/.exec(rest) ?? [];
    if (lineEnd !== undefined) {
      offsets.push(at);
      i++;
      at += lineEnd.length;
    } else if (entity !== undefined && ENTITIES[name] === plain[i]) {
      offsets.push(at);
      i++;
      at += entity.length;
    } else if (MARKS.has(sign)) at++;
    else return null;
  }
  return [...offsets, at];
}

const count = (text: string, sign: string) => text.split(sign).length - 1;

/** A text so that Markdown shows it as it is. */
export const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\`*<[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)/gu, '\\$&');
