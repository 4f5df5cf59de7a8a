import { everyNode, parseShell } from './syntax.ts';

/** A line that was copied from a terminal, prompt and all. */
export interface Prompt {
  /** As it stands there, without blanks around it. */
  prompt: string;
  /** What was typed behind it. */
  typed: string;
  /** What was asked for it. */
  of: 'shell' | 'psql' | 'another program';
  /** Of the prompt in the text, in UTF-16 units. */
  offset: number;
}

/** Takes time in proportion to a line: each begins at its start. */
const PROMPTS: readonly [RegExp, Prompt['of']][] = [
  // $ ls, % ls, user@host:~/shop$ ls, [user@host shop]$ ls, bash-5.1$ ls, host:~ user$ ls
  [/^[ \t]*((?:\(\w+\) )?(?:\$|%|❯|➜|(?:ba|z)?sh-[\d.]+[$#]))[ \t]+(?=\S)/, 'shell'],
  [/^[ \t]*((?:\(\w+\) )?[\w.-]+@[\w.-]+(?:[: ][^\s$#%>]*)?[ ]?[$#%>])[ \t]+(?=\S)/, 'shell'],
  [/^[ \t]*(\[[\w.-]+@[\w.-]+[ :][^\]\s]*\][$#])[ \t]+(?=\S)/, 'shell'],
  // shop=# SELECT 1; and the lines that it is continued in
  [/^[ \t]*(\w+[=\-('"][#>])[ \t]+(?=\S)/, 'psql'],
  [/^[ \t]*((?:mysql|sqlite|redis|MariaDB \[[^\]]*\]|[\d.]+:\d+|>>)>)[ \t]+(?=\S)/, 'another program'],
];

/** A root’s prompt is a comment’s mark: only a program’s name behind it tells. */
const ROOT =
  /^[ \t]*(#)[ \t]+(?=(?:apt(?:-get)?|yum|dnf|systemctl|service|docker|kubectl|mount|umount|useradd|chown|chmod|mkdir|psql|pg_dump|cp|mv|rm|ls|cat|cd|ufw|iptables|nginx|journalctl|crontab|sysctl|ssh|tar|curl)[ \t]+(?:-|\/|\.|[a-z-]+(?:[ \t]|$))[^.]*$)/;

/** The prompt that a line begins with; null where it begins with none, or with that of root, which one line cannot tell. */
export function promptAt(line: string): Omit<Prompt, 'offset'> | null {
  for (const [pattern, of] of PROMPTS) {
    const match = pattern.exec(line);
    if (match) return { prompt: (match[1] ?? '').trim(), typed: line.slice(match[0].length).trim(), of };
  }
  return null;
}

interface Line {
  text: string;
  offset: number;
}

function linesOf(text: string): Line[] {
  let offset = 0;
  return text.split('\n').map((line) => {
    const at = { text: line, offset };
    offset += line.length + 1;
    return at;
  });
}

/** What a block of a terminal’s text would run. */
export interface Session {
  first: Prompt;
  /** The text, with blanks in the place of each prompt and of whatever was printed: every character where it was. */
  commands: string;
}

/** Reads a block that was copied from a terminal; null where it was not. */
export function readSession(text: string): Session | null {
  const lines = linesOf(text);
  const first = firstPrompt(text, lines);
  if (!first) return null;
  let goesOn = false;
  const commands = lines.map(({ text: line, offset }) => {
    if (offset < first.offset - (line.length - line.trimStart().length)) return line;
    const prompt = promptAt(line);
    const typed =
      prompt?.of === 'shell' ? prompt.typed : goesOn ? line.replace(/^[ \t]*>[ \t]/, '').trim() : '';
    goesOn = typed.endsWith('\\');
    return typed === '' ? ' '.repeat(line.length) : typed.padStart(line.trimEnd().length).padEnd(line.length);
  });
  return { first, commands: first.prompt === '#' ? ' '.repeat(text.length) : commands.join('\n') };
}

function firstPrompt(text: string, lines: Line[]): Prompt | null {
  const found = lines.map(({ text: line, offset }) => ({ ...at(line, offset), here: promptAt(line) }));
  if (found.some(({ here }) => here)) {
    const inside = insides(text);
    const first = found.find(({ here, offset }) => here && !inside(offset));
    if (first?.here) return { ...first.here, offset: first.offset };
  }
  return rootPrompt(lines);
}

const at = (line: string, offset: number) => ({ offset: offset + line.length - line.trimStart().length });

/** A block of nothing but comments, each of which reads as a command. */
function rootPrompt(lines: Line[]): Prompt | null {
  const written = lines.filter(({ text }) => text.trim() !== '');
  const [first] = written;
  if (!first || !written.every(({ text }) => ROOT.test(text))) return null;
  const typed = first.text.trim().slice(1).trim();
  return { prompt: '#', typed, of: 'shell', ...at(first.text, first.offset) };
}

/** Whether a place is in quotes, in a here-document, or in a word that goes over lines. */
function insides(text: string): (offset: number) => boolean {
  const spans = everyNode(parseShell(text))
    .flatMap((node) => {
      if (node.type === 'HereDoc') return node.closing ? [{ pos: node.body.pos, end: node.closing.end }] : [];
      return node.type === 'SingleQuoted' || node.type === 'DoubleQuoted' ? [node] : [];
    })
    .filter(({ pos, end }) => text.slice(pos, end).includes('\n') && closes(text, pos, end))
    .map(({ pos, end }) => [pos, end] as const)
    .sort(([a], [b]) => a - b);
  let [next, reach] = [0, 0];
  let last = -1;
  return (offset) => {
    if (offset < last) [next, reach] = [0, 0];
    last = offset;
    for (let span = spans[next]; span && span[0] <= offset; span = spans[++next])
      reach = Math.max(reach, span[1]);
    return offset < reach;
  };
}

/** An apostrophe in what was printed opens quotes that nothing closes. */
const closes = (text: string, pos: number, end: number): boolean => {
  const open = text[pos];
  return (open !== "'" && open !== '"') || text[end - 1] === open;
};
