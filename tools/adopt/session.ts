/** Code that runs as one, and what a page shows below it. */
export interface Piece {
  language: 'sh' | 'bash' | 'sql';
  code: string;
  /** Lines; none where nothing is shown. */
  output: string[];
}

const SHELLS = new Set(['sh', 'shell', 'zsh', 'ksh', 'shellscript', 'shell-script', 'console', 'terminal']);
const SESSIONS = new Set(['shellsession', 'shell-session', 'bash-session', 'sh-session', 'console-session']);
const SQL = new Set(['sql', 'psql', 'postgres', 'postgresql', 'pgsql', 'plpgsql']);

/** A prompt of a shell: `$ `, `user@host:~$ `, or `# ` of root where a host stands before it. */
const SHELL_PROMPT = /^(?:[\w.-]{1,40}@[\w.-]{1,60}(?::[^\s$#]{0,80})?[$#%]|\$|❯|➜) (?=\S)/;
/** A prompt of psql: `shop=# `, and `shop-# ` where a statement goes on. */
const PSQL_PROMPT = /^[\w]{1,40}=[#>] (?=\S)/;
const PSQL_MORE = /^[\w]{1,40}[-('"][#>] /;

/** What a fence's code is, by its own word or by its prompts; null where it does not run. */
export function languageOf(info: string, code: string): Piece['language'] | null {
  const word = /^\s*(\S*)/.exec(info)?.[1]?.toLowerCase() ?? '';
  const first = code.split('\n').find((line) => line.trim() !== '') ?? '';
  if (word === 'bash') return 'bash';
  if (SQL.has(word)) return 'sql';
  if (SHELLS.has(word) || SESSIONS.has(word)) return PSQL_PROMPT.test(first) ? 'sql' : 'sh';
  if (word !== '' && word !== 'text') return null;
  if (SHELL_PROMPT.test(first)) return 'sh';
  return PSQL_PROMPT.test(first) ? 'sql' : null;
}

/** A fence's code in pieces: one where it has no prompts, and else one for each command that shows what it prints. */
export function piecesOf(content: string, language: Piece['language']): Piece[] {
  const lines = content.replace(/\n$/, '').split('\n');
  const [prompt, more] = language === 'sql' ? [PSQL_PROMPT, PSQL_MORE] : [SHELL_PROMPT, /^> /];
  if (!lines.some((line) => prompt.test(line))) return [{ language, code: content.trimEnd(), output: [] }];
  const pieces: { code: string[]; output: string[] }[] = [];
  for (const line of lines) {
    const last = pieces.at(-1);
    if (prompt.test(line)) {
      const code = line.replace(prompt, '');
      // Commands that show nothing belong to the one that follows them.
      if (last && last.output.length === 0) last.code.push(code);
      else pieces.push({ code: [code], output: [] });
    } else if (last && last.output.length === 0 && goesOn(last.code, line, more))
      last.code.push(line.replace(more, ''));
    else if (last) last.output.push(line);
    else pieces.push({ code: [line], output: [] });
  }
  return pieces.map(({ code, output }) => ({
    language,
    code: code.join('\n').trimEnd(),
    output: withoutBlankEnd(output),
  }));
}

/** Whether a line belongs to the command above it: behind a prompt that says so, or behind a backslash. */
const goesOn = (code: string[], line: string, more: RegExp): boolean =>
  more.test(line) || code.at(-1)?.endsWith('\\') === true;

function withoutBlankEnd(lines: string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, end + 1);
}

/** A piece as lines of a page. What psql prints as a table is no output of its statement: its rows are, so it stays text. */
export function fenceFor({ language, code, output }: Piece, name: string, markup: string): string[] {
  const fence = [`${markup}${language} { name=${name} }`, ...code.split('\n'), markup];
  if (output.length === 0) return fence;
  return [...fence, '', '**Expected output:**', '', `${markup}text`, ...output, markup];
}
