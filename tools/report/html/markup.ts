import { printable } from '../style.ts';

/** A piece of HTML, in which all text is escaped. */
export interface Markup {
  markup: string;
}

type Part = Markup | string | number | null | false | Part[];

/** Makes HTML: what is interpolated is escaped, unless it is Markup itself; null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Markup {
  return {
    markup: strings.reduce(
      (all, text, i) => all + text + (i < parts.length ? render(parts[i] as Part) : ''),
      '',
    ),
  };
}

function render(part: Part): string {
  if (part === null || part === false) return '';
  if (Array.isArray(part)) return part.map(render).join('');
  return typeof part === 'object' ? part.markup : escaped(String(part));
}

const escaped = (text: string) =>
  printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Text that is HTML already, such as a style sheet of this project's own. */
export const trusted = (markup: string): Markup => ({ markup });
