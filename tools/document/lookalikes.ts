import type Token from 'markdown-it/lib/token.mjs';
import type { Language } from './document.ts';
import { attributeNames } from './info-string.ts';
import { labelNamed, labelsOf } from './label.ts';
import type { Place, Report } from './problem.ts';

/** What a fence can be that runs. */
export const LANGUAGES: readonly string[] = ['sh', 'bash', 'sql'] satisfies Language[];

/** Words that a reader takes for one of ours, while nothing would run. */
const MEANT: Record<string, Language> = {
  shell: 'sh',
  zsh: 'sh',
  ksh: 'sh',
  fish: 'sh',
  shellscript: 'sh',
  'shell-script': 'sh',
  shellsession: 'sh',
  'shell-session': 'sh',
  'bash-session': 'sh',
  console: 'sh',
  terminal: 'sh',
  psql: 'sql',
  postgres: 'sql',
  postgresql: 'sql',
  pgsql: 'sql',
  plpgsql: 'sql',
};

/** The first word of an info string. */
export const languageOf = (info: string): string => /^\s*([^\s{]*)/.exec(info)?.[1] ?? '';

/** Reports a fence that runs nothing and looks as if it did. */
export function reportFence(token: Token, info: Place, report: Report): void {
  const word = languageOf(token.info);
  const lower = word.toLowerCase();
  const meant = Object.hasOwn(MEANT, lower) ? MEANT[lower] : /^(sh|bash|sql)(?![a-z])/.exec(lower)?.[0];
  const names = attributeNames(token.info);
  if (names.includes('ignore')) return;
  if (meant) report('language', info, `a \`${word}\` fence does not run`, `write \`${meant}\`, or \`text\``);
  else if (names.length > 0) {
    const what = word === '' ? 'a fence without a language' : `a \`${word}\` fence`;
    report('language', info, `${what} does not run, whatever its attributes`, 'write `sh` or `sql`');
  } else if (word === '') {
    report('language', info, 'a fence without a language does not run', 'write `sh` or `sql`, or `text`');
  }
}

/** Reports code that is set off by indentation alone. */
export function reportIndented(at: Place, report: Report): void {
  const remedy = 'put it in a fence of `sh`, `sql` or `text` that is indented as the text around it';
  report('language', at, 'indented code does not run', remedy);
}

/** Reports what HTML, in which nothing is Markdown, hides from this tool and not from its author. */
export function reportHtml({ content }: Token, at: Place, report: Report): void {
  const shown = content.replaceAll(/<!--[\s\S]*?-->/g, (comment) => comment.replaceAll(/[^\n]/g, ''));
  if (shown.includes('<!--')) {
    report('html', at, 'this comment never ends', 'close it with `-->`');
    return;
  }
  const lines = shown.split('\n');
  for (const [i, line] of lines.entries()) {
    const fence = /^\s*(`{3,}|~{3,})/.test(line);
    const label = /\*\*([^*]+)\*\*/.exec(line)?.[1];
    if (!fence && !(label && labelNamed(label))) continue;
    const what = fence ? 'this fence' : 'this label';
    report(
      'html',
      { line: at.line + i, column: 1 },
      `${what} stands inside HTML`,
      'leave a blank line before it',
    );
    return;
  }
}

/** Reports a label in a cell of a table. */
export function reportCell(inline: Token, at: Place, report: Report): void {
  if (labelsOf(inline).length === 0) return;
  report('unknown-label', at, 'a label in a table binds nothing', 'write it as a paragraph of its own');
}
