import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import sql from 'highlight.js/lib/languages/sql';
import yaml from 'highlight.js/lib/languages/yaml';
import { printable } from '../style.ts';
import { html, type Markup, trusted } from './markup.ts';

for (const [name, language] of Object.entries({ bash, json, sql, yaml }))
  hljs.registerLanguage(name, language);

/** More would take a browser, and the highlighter, too long. */
const MOST_CHARACTERS = 100_000;

/** Code with its parts told apart, where the language is one that is known; else as it is. */
export function highlighted(code: string, language: string): Markup {
  if (!hljs.getLanguage(language) || code.length > MOST_CHARACTERS) return html`${code}`;
  // The highlighter escapes what it is given.
  return trusted(hljs.highlight(printable(code), { language, ignoreIllegals: true }).value);
}
