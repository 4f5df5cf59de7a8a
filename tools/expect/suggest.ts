import { nearest } from '../text/nearest.ts';
import { asSeen } from '../text/unseen.ts';
import type { Subject } from './assertion.ts';
import { compileSentence } from './compile.ts';
import { CONDITIONS } from './condition.ts';
import { BOTH, REWRITES } from './rewrites.ts';
import { SENTENCES } from './sentences.ts';

/**
 * A sentence that an author who wrote `text`, which no rule reads, most likely means: theirs, written so that it is
 * read, or else an example of a sentence that speaks of the same. It speaks of what its block has, which `speaksOf`
 * says. Null where nothing is near.
 */
export function suggestSentence(
  text: string,
  speaksOf: (subject: Subject) => boolean = () => true,
): string | null {
  if (text.length > MOST_CHARACTERS) return null;
  const seen = asSeen(text).trim();
  if (seen !== text.trim() && isAbout(seen, speaksOf)) return seen;
  const bare = plain(seen);
  if (bare !== seen && isAbout(bare, speaksOf)) return bare;
  for (const [pattern, rewrite] of REWRITES) {
    const found = pattern.exec(bare);
    const written = found ? rewrite(...found.slice(1).map((part) => part ?? '')) : null;
    if (written?.split(BOTH).every((one) => isAbout(one, speaksOf))) return written;
  }
  return exampleNear(bare, speaksOf);
}

/** What is longer is no slip of a sentence, and would take long to look at. */
const MOST_CHARACTERS = 300;

/** Without the signs that an author sets before or behind a sentence, and with the keyboard's quotes. */
const plain = (text: string): string =>
  text
    .replace(/^[✅✔☑✓→•-]\uFE0F?\s*/u, '')
    .replace(/(?<![\s.!?;:…✅✔☑✓])[\s.!?;:…✅✔☑✓]+$/u, '')
    .replaceAll(/[“”„‟«»]/g, '"')
    .replaceAll(/(?<=^|\s)[‘‚‹]([^‘’‚‹›]*)[’›]/g, "'$1'");

function isAbout(text: string, speaksOf: (subject: Subject) => boolean): boolean {
  const compiled = compileSentence(text);
  return compiled !== null && compiled.objection === null && speaksOf(compiled.assertion.of);
}

/** Every way to write a sentence, once. */
const EXAMPLES = [
  ...SENTENCES.flatMap(({ examples }) => examples),
  ...CONDITIONS.flatMap(({ examples }) => examples.map((one) => `n ${one}`)),
];

function exampleNear(text: string, speaksOf: (subject: Subject) => boolean): string | null {
  const shape = text.replaceAll(/\d+/g, '3');
  const examples = EXAMPLES.filter((one) => isAbout(one, speaksOf));
  const near = nearest(shape, examples);
  if (near && sharesWord(near, shape)) return near;
  const first = /^(?!(?:the|it|a|no)\b)[a-z]\w*/.exec(text.toLowerCase())?.[0];
  const like = examples.filter((one) => first !== undefined && one.toLowerCase().startsWith(`${first} `));
  // Of `prints nothing` and its like, what says something.
  const kind = /\blines?\b/.test(text) ? /lines/ : /["']/;
  return like.find((one) => kind.test(one)) ?? like[0] ?? null;
}

/** Letters alone bring words together that speak of different things: `prints ok` is not near `prints nothing`. */
function sharesWord(example: string, text: string): boolean {
  const words = new Set(text.toLowerCase().match(/[a-z]{2,}/g));
  return (example.toLowerCase().match(/[a-z]{2,}/g) ?? []).some((word) => words.has(word));
}
