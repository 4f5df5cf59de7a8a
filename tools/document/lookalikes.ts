import type Token from 'markdown-it/lib/token.mjs';
import { stripHtml } from '../text/html.ts';
import type { Language } from './document.ts';
import { attributeNames } from './info-string.ts';
import { type Lookalike, labelNamed, labelsOf } from './label.ts';
import type { FenceContent } from './part.ts';
import type { Place, Problem } from './problem.ts';
import { problems } from './problems.ts';

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

/** The language of ours that a fence's first word is, or that a reader takes it for. */
export function languageMeant(word: string): Language | undefined {
  const lower = word.toLowerCase();
  if (Object.hasOwn(MEANT, lower)) return MEANT[lower];
  return /^(sh|bash|sql)(?![a-z])/.exec(lower)?.[0] as Language | undefined;
}

/** A fence that runs nothing and looks as if it did. */
export function fenceProblem({ info, infoPlace, language }: FenceContent): Problem | null {
  const meant = languageMeant(language);
  const names = attributeNames(info);
  if (names.includes('ignore')) return null;
  if (meant) return problems.nearLanguage(infoPlace, language, meant);
  if (names.length > 0) {
    const what = language === '' ? 'a fence without a language' : `a \`${language}\` fence`;
    return problems.attributesElsewhere(infoPlace, what);
  }
  return language === '' ? problems.noLanguage(infoPlace) : null;
}

/** A fence without its closing line takes all that follows. */
export function unclosedProblem({ map, content, markup }: Token, at: Place): Problem | null {
  const [first, end] = map as [number, number];
  const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
  return end - first === lines + 2 ? null : problems.unclosedFence(at, markup);
}

/** What HTML, in which nothing is Markdown, hides from this tool and not from its author. */
export function htmlProblem(content: string, at: Place): Problem | null {
  const { text: shown, endless } = stripHtml(content, 'comments');
  if (endless) return problems.endlessComment(at);
  for (const [i, line] of shown.split('\n').entries()) {
    const fence = /^\s*(`{3,}|~{3,})/.test(line);
    const label = /\*\*([^*]+)\*\*/.exec(line)?.[1];
    if (!fence && !(label && labelNamed(label))) continue;
    return problems.insideHtml({ line: at.line + i, column: 1 }, fence ? 'fence' : 'label');
  }
  return null;
}

/** A label in a cell of a table. */
export const cellProblem = (inline: Token, at: Place): Problem | null =>
  labelsOf(inline).length > 0 ? problems.labelInTable(at) : null;

/** Brackets that a reader takes for a checklist's, and this tool does not. */
export const itemProblem = (text: string, at: Place): Problem | null =>
  /^\[\s*(?:[xX]\s*)?\]/.test(text) && !/^\[[ xX]\]\s/.test(text) ? problems.noChecklistItem(at) : null;

/** Words that a reader takes for a label; of a heading, the label that it is. */
export function labelProblem(
  { words, why, meant = labelNamed(words) }: Pick<Lookalike, 'words' | 'why'> & { meant?: string | null },
  at: Place,
): Problem | null {
  return meant ? problems.unknownLabel(at, words, why, capital(meant)) : null;
}

const capital = (words: string) => words[0]?.toUpperCase() + words.slice(1);
