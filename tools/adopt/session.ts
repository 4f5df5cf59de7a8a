import { languageMeant } from '../document/lookalikes.ts';
import { literalLine, meansItself } from '../expect/literal-line.ts';
import { promptAt } from '../shell/prompts.ts';

/** Code that runs as one, and what a page shows below it. */
export interface Piece {
  language: 'sh' | 'bash' | 'sql';
  code: string;
  /** Lines; none where nothing is shown. */
  output: string[];
}

/** What a fence's code is, by its own word or by the prompt that it begins with; null where it does not run. */
export function languageOf(info: string, code: string): Piece['language'] | null {
  const word = /^\s*(\S*)/.exec(info)?.[1] ?? '';
  const meant = languageMeant(word) ?? null;
  if (meant === 'bash' || meant === 'sql' || (word !== '' && word !== 'text' && meant === null)) return meant;
  const prompt = promptAt(code.split('\n').find((line) => line.trim() !== '') ?? '');
  if (prompt?.of === 'psql') return 'sql';
  return prompt?.of === 'shell' ? 'sh' : meant;
}

/** A fence's code in pieces: one where it has no prompts, and else one for each command that shows what it prints. */
export function piecesOf(content: string, language: Piece['language']): Piece[] {
  const lines = content
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => lineOf(line, language));
  if (!lines.some(({ kind }) => kind === 'command'))
    return [{ language, code: content.trimEnd(), output: [] }];
  const pieces: { code: string[]; output: string[] }[] = [];
  for (const { kind, text, code } of lines) {
    const last = pieces.at(-1);
    const isOpen = last !== undefined && last.output.length === 0;
    // Commands that show nothing belong to the one that follows them.
    if (kind === 'command' && isOpen) last.code.push(code);
    else if (kind === 'command' || !last) pieces.push({ code: [code], output: [] });
    else if (isOpen && (kind === 'more' || last.code.at(-1)?.endsWith('\\'))) last.code.push(code);
    else last.output.push(text);
  }
  return pieces.map(({ code, output }) => ({
    language,
    code: code.join('\n').trimEnd(),
    output: withoutBlankEnd(output),
  }));
}

interface SessionLine {
  /** Behind a prompt, behind one that says that the command goes on, or neither. */
  kind: 'command' | 'more' | 'other';
  text: string;
  /** What stands behind the prompt. */
  code: string;
}

function lineOf(text: string, language: Piece['language']): SessionLine {
  const found = promptAt(text);
  const behind = (prompt: string) => text.slice(text.indexOf(prompt) + prompt.length).replace(/^[ \t]/, '');
  if (found?.of === (language === 'sql' ? 'psql' : 'shell')) {
    // Of psql's prompts, only the first of a statement has this sign.
    const isFirst = language !== 'sql' || /=[#>]$/.test(found.prompt);
    return { kind: isFirst ? 'command' : 'more', text, code: behind(found.prompt) };
  }
  if (language !== 'sql' && text.startsWith('> ')) return { kind: 'more', text, code: behind('>') };
  return { kind: 'other', text, code: text };
}

function withoutBlankEnd(lines: string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, end + 1);
}

/** A piece as lines of a page. What psql prints as a table is no output of its statement: its rows are, so it stays text. */
export function fenceFor({ language, code, output }: Piece, name: string, markup: string): string[] {
  const fence = [`${markup}${language} { name=${name} }`, ...code.split('\n'), markup];
  if (output.length === 0) return fence;
  return [...fence, '', '**Expected output:**', '', `${markup}text`, ...output.map(asItStood), markup];
}

/** What was copied from a terminal is meant literally, but for the dots with which an author leaves lines out. */
const asItStood = (line: string): string =>
  line.trim() === '...' || meansItself(line) ? line : (literalLine(line) ?? line);
