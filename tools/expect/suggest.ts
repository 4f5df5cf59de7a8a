import { nearest } from '../text/nearest.ts';
import type { Subject } from './assertion.ts';
import { compileSentence } from './compile.ts';
import { CONDITIONS } from './condition.ts';
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
  const bare = text.trim().replace(/[.!]+$/, '');
  for (const [pattern, rewrite] of REWRITES) {
    const found = pattern.exec(bare);
    const written = found ? rewrite(...found.slice(1).map((part) => part ?? '')) : null;
    if (written?.split(BOTH).every((one) => isAbout(one, speaksOf))) return written;
  }
  return exampleNear(bare, speaksOf);
}

const isAbout = (text: string, speaksOf: (subject: Subject) => boolean): boolean => {
  const of = compileSentence(text)?.assertion.of;
  return of !== undefined && speaksOf(of);
};

/** Between two sentences that each want a bullet of its own. */
const BOTH = '” and “';

const quoted = (text: string) => {
  const bare = text.replace(/^["'“‘`](.*)["'”’`]$/, '$1');
  return bare.includes('"') ? `'${bare}'` : `"${bare}"`;
};

const SIGNS = { '≥': '>=', '≤': '<=', '≠': '!=' } as Record<string, string>;

/** How a slip is written, and the sentence that is meant; the first that gives one wins. */
const REWRITES: [RegExp, (...parts: string[]) => string | null][] = [
  [
    /^(prints|contains|complains) ("[^"]*"|'[^']*')(?: and|,) ("[^"]*"|'[^']*')$/i,
    (verb, one, other) => `${verb} ${one}${BOTH}${verb} ${other}`,
  ],
  [
    /^at least (\d+) (\S+)(?: and|,) at most (\d+)$/i,
    (least, noun, most) => `between ${least} and ${most} ${noun}`,
  ],
  [/^(\S+) rows? (?:in |of )?(\S+)$/i, (count, state) => `${count} rows where status is ${state}`],
  [
    /^(?:it )?(?:prints?|outputs?|shows?|displays?|says?|echoe?s)(?: out)?:? (.+)$/i,
    (what) => `prints ${quoted(what)}`,
  ],
  [/^(?:the )?output (?:is|should be|says):? (.+)$/i, (what) => `prints ${quoted(what)}`],
  [/^(?:the )?(?:output )?(?:contains?|includes?):? (.+)$/i, (what) => `contains ${quoted(what)}`],
  [
    /^(?:doesn[’']t|does not|do not|never) (?:print|output|contain|show)s?:? (.+)$/i,
    (what) => `does not print ${quoted(what)}`,
  ],
  [/^(?:it )?complains?(?: of| about)?:? (.+)$/i, (what) => `complains ${quoted(what)}`],
  [/^(?:it )?(?:fails?|is refused)(?: with)?:? (.+)$/i, (what) => `fails with ${quoted(what)}`],
  [/^ERROR:\s+(.+)$/, (what) => `fails with ${quoted(what)}`],
  [
    /^(?:the )?exit(?:s|ed)?(?: with)?(?: (?:status|code))?(?: is| of| =)? (\d+)$/i,
    (status) => `exits ${status}`,
  ],
  [/^(?:nothing|empty|no output at all|(?:the )?output is empty|silent)$/i, () => 'prints nothing'],
  [/^(?:INSERT 0|UPDATE|DELETE|MERGE) (\d+)$/, (count) => `touches ${count} row${count === '1' ? '' : 's'}`],
  [
    /^(\S+) rows?: ([^:]+)$/i,
    (count, rest) =>
      compileSentence(rest ?? '') && !/^[\d,]+$/.test(rest ?? '')
        ? `${count} ${count === '1' ? 'row' : 'rows'}${BOTH}${rest}`
        : null,
  ],
  [/^(.+?):? ?[:=–—-] ?([^:()]+(?:, [^:()]+)*)$/, (counted, names) => `${counted} (${names})`],
  [/^(.+?) with (?:no|zero) (\S+)$/i, (counted, column) => `${counted} where ${column} is 0`],
  [
    /^(.+?) (?:without|with (?:no|an? empty|null)) (\S+)$/i,
    (counted, column) => `${counted} where ${column} is null`,
  ],
  [
    /^(.+?) (?:that|which) (?:have|has|are|is) (\S+) (\S+)$/i,
    (counted, column, value) => `${counted} where ${column} is ${value}`,
  ],
  [/^(\S+)((?: \S+){1,4}) or (more|fewer|less)$/i, (count, noun, how) => `${count} or ${how}${noun}`],
  [
    /^(?:there (?:is|are)|should (?:be|return)|we (?:get|see)|it returns?|returned|got) (.+)$/i,
    (rest) => rest ?? null,
  ],
  [
    /^([^\s<>=!≥≤≠]+) ?(<=|>=|<>|!=|==?|[<>≥≤≠]) ?(.+)$/,
    (column, sign = '', value) => `${column} ${SIGNS[sign] ?? sign} ${value}`,
  ],
  [
    /^(.+?) (?:should be|must be|was|will be|equals|is equal to|has) (.+)$/i,
    (column, value) => `${column} is ${value}`,
  ],
  [
    /^(\S+(?: \S+){1,3}) is (.+)$/i,
    (column, rest) => (/^(every|each|all)\b/i.test(column ?? '') ? null : `"${column}" is ${rest}`),
  ],
  [
    /^(?!there|this|that|it)(\S+) (is|=) ([^"']* [^"']*)$/i,
    (column, is, value) => `${column} ${is} ${quoted(value ?? '')}`,
  ],
  [
    /^(\S+) (\S+?)s? .*$/,
    (count, noun = '') =>
      compileSentence(`${count} rows`)
        ? `${count} ${/^rows?$/i.test(noun) ? 'row' : noun}${count === '1' ? '' : 's'}`
        : null,
  ],
];

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
  const first = /^(?!the\b|it\b|a\b)\w+/.exec(text.toLowerCase())?.[0];
  return examples.find((one) => first !== undefined && one.toLowerCase().startsWith(`${first} `)) ?? null;
}

/** Letters alone bring words together that speak of different things: `prints ok` is not near `prints nothing`. */
function sharesWord(example: string, text: string): boolean {
  const words = new Set(text.toLowerCase().match(/[a-z]{2,}/g));
  return (example.toLowerCase().match(/[a-z]{2,}/g) ?? []).some((word) => words.has(word));
}
