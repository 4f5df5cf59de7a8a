import { quoteRegex } from '../text/quote-regex.ts';
import { NUMBER_WORDS } from './gaps.ts';
import { parseNames } from './literal.ts';

/** How a slip is written, and the sentence that is meant, or null where it is none after all. */
export type Rewrite = [slip: RegExp, meant: (...parts: string[]) => string | null];

/** Between two sentences that each want a bullet of its own. */
export const BOTH = '” and “';

const N = '\\d+(?:,\\d{3})*';
const slip = (source: string) => new RegExp(`^${source.replaceAll('{n}', `(${N})`)}$`, 'i');

const unquoted = (text: string) => text.replace(/^["'“‘`](.*)["'”’`]$/, '$1');

const quoted = (text: string) => {
  const bare = unquoted(text);
  return bare.includes('"') ? `'${bare}'` : `"${bare}"`;
};

/** A text that has quotes in it says more than what is to be printed. */
const quotedWhole = (text: string) => (/["'“”‘’`]/.test(unquoted(text)) ? null : quoted(text));

const SIGNS = { '≥': '>=', '≤': '<=', '≠': '!=' } as Record<string, string>;

/** `a, 'b' or c`, as a regular expression that fits just these. */
function anyOf(list: string): string | null {
  const values = parseNames(list.replaceAll(/,? or /g, ', ')).map(({ text }) => quoteRegex(text));
  return values.length > 1 && values.every((value) => !/\s/.test(value))
    ? `matches /^(${values.join('|')})$/`
    : null;
}

const withVerb = (verb: string, what: string | null) => (what === null ? null : `${verb} ${what}`);

const PRINTED: Rewrite[] = [
  [
    /^(prints|contains|complains) ("[^"]*"|'[^']*')(?: and|,) ("[^"]*"|'[^']*')$/i,
    (verb, one, other) => `${verb} ${one}${BOTH}${verb} ${other}`,
  ],
  [/^prints (?:no|not|never) (["'].*["'])$/i, (what = '') => `does not print ${quoted(what)}`],
  [
    /^prints (["'].*["']) (?:on|to) (?:stderr|(?:the )?standard error)$/i,
    (what = '') => `complains ${quoted(what)}`,
  ],
  [
    /^(?:prints?|returns?|outputs?|shows?|writes?) (?:nothing|no output)(?: at all)?$/i,
    () => 'prints nothing',
  ],
  [
    /^(?:nothing|empty|silent|no output at all|(?:the )?(?:output|stdout|stderr) (?:is|stays) (?:empty|silent)|(?:nothing|no errors?) on (?:stderr|the standard error))$/i,
    () => 'prints nothing',
  ],
  [/^(?:it )?(?:returns )?(?:nothing|no results?|an? empty (?:result|table)|empty)$/i, () => 'no rows'],
  [
    /^(?:it )?(?:prints?|outputs?|shows?|displays?|says?|echoe?s)(?: out)?:? (?!at least |at most |\d+ or |only |exactly )(.+)$/i,
    (what = '') => withVerb('prints', quotedWhole(what)),
  ],
  [/^(?:the )?output (?:is|should be|says):? (.+)$/i, (what = '') => withVerb('prints', quotedWhole(what))],
  [
    /^(?:the )?(?:output )?(?:contains?|includes?):? (.+)$/i,
    (what = '') => withVerb('contains', quotedWhole(what)),
  ],
  [
    /^(?:it )?(?:doesn[’']t|does not|do not|never) (?:print|output|contain|show)s?:? (.+)$/i,
    (what = '') => withVerb('does not print', quotedWhole(what)),
  ],
  [/^(?:it )?complains?(?: of| about)?:? (.+)$/i, (what = '') => withVerb('complains', quotedWhole(what))],
];

const ENDS: Rewrite[] = [
  [/^(?:it )?(?:succeeds|works|exit(?:s|ed)? (?:successfully|cleanly|normally|ok))$/i, () => 'exits 0'],
  [/^(?:it )?fails$/i, () => 'exits 1'],
  [
    /^(?:it )?(?:fails?|is refused)(?: with)?:? (?:SQLSTATE |sqlstate |code |error )?["']?([0-9A-Z]{5})["']?$/,
    (code) => `fails with "${code}"`,
  ],
  [
    /^(?:it )?(?:fails?|is refused)(?: with)?:? (.+)$/i,
    (what = '') => withVerb('fails with', quotedWhole(what)),
  ],
  [/^ERROR:\s+([0-9A-Z]{5}): .+$/, (code) => `fails with "${code}"`],
  [/^ERROR:\s+(.+)$/, (what = '') => `fails with ${quoted(what)}`],
  [
    /^(?:the )?exit(?:s|ed)?(?: with)?(?: (?:status|code))?(?: is| of| =)? (\d+)$/i,
    (status) => `exits ${status}`,
  ],
  [/^(?:INSERT 0|UPDATE|DELETE|MERGE) (\d+)$/, (count) => `touches ${count} row${count === '1' ? '' : 's'}`],
];

const QUANTITIES: Rewrite[] = [
  [slip('(?:~|≈|around|roughly|approximately|circa|ca\\.?) ?{n} (.+)'), (n, noun) => `about ${n} ${noun}`],
  [slip('(?:≥|>=) ?{n} (.+)'), (n, noun) => `at least ${n} ${noun}`],
  [slip('(?:≤|<=) ?{n} (.+)'), (n, noun) => `at most ${n} ${noun}`],
  [slip('> ?{n} (.+)'), (n, noun) => `more than ${n} ${noun}`],
  [slip('< ?{n} (.+)'), (n, noun) => `fewer than ${n} ${noun}`],
  [slip('{n}\\+ (.+)'), (n, noun) => `at least ${n} ${noun}`],
  [slip('(?:no|not) (?:more|greater) than {n} (.+)'), (n, noun) => `at most ${n} ${noun}`],
  [slip('(?:no|not) (?:fewer|less) than {n} (.+)'), (n, noun) => `at least ${n} ${noun}`],
  [
    slip('(?:from )?{n} ?(?:-|–|—|\\.\\.+|…| to )\\s?{n} (.+)'),
    (least, most, noun) => `between ${least} and ${most} ${noun}`,
  ],
  [
    slip('at least {n} (\\S+)(?: and|,) at most {n}'),
    (least, noun, most) => `between ${least} and ${most} ${noun}`,
  ],
  [/^(?:an?|a single|one single) (\S+)$/i, (noun) => `1 ${noun}`],
  [slip('{n} (\\S+(?: \\S+){0,3}) max(?:imum)?'), (n, noun) => `at most ${n} ${noun}`],
  [slip('{n} (\\S+(?: \\S+){0,3}) min(?:imum)?'), (n, noun) => `at least ${n} ${noun}`],
  [/^(\S+)((?: \S+){1,4}) or (more|fewer|less)$/i, (count, noun, how) => `${count} or ${how}${noun}`],
  [
    /^(.*?\b)(\d{1,3}(?:[.'’_ ]\d{3})+)(?= |$)(.*)$/,
    (before, number = '', rest) => `${before}${number.replaceAll(/[.'’_ ]/g, ',')}${rest}`,
  ],
];

const ROWS: Rewrite[] = [
  [
    /^(\S+) rows? (?:in |of )?(?!total$|order$|each$|only$)(\S+)$/i,
    (count, state) => `${count} rows where status is ${state}`,
  ],
  [
    /^(\S+) rows?: ([^:]+)$/i,
    (count, rest = '') =>
      /\b(?:is|are|has|equals)\b|[<>=]/.test(rest)
        ? `${count} ${count === '1' ? 'row' : 'rows'}${BOTH}${rest}`
        : null,
  ],
  [/^(\d\S* \S+(?: \S+){0,3}) [[{](.+)[\]}]$/, (counted, names) => `${counted} (${names})`],
  [/^(.+?):? ?[:=–—-] ?([^:()]+)$/, (counted, names) => `${counted} (${names})`],
  [/^\(?([^\s,()]+(?:, [^\s,()]+)+)\)?$/, (names = '') => `${names.split(', ').length} rows (${names})`],
  [
    /^(.+?) where (\S+) (between \S+ and \S+)$/i,
    (counted, column, range) => `${counted} where ${column} is ${range}`,
  ],
  [
    /^(.+?) where (\S+) (?:is )?(?:in|one of) \(?([^()]+)\)?$/i,
    (counted, column, list = '') => withVerb(`${counted} where ${column}`, anyOf(list)),
  ],
  [
    /^(.+?) (?:whose|for which|having|that have|which have) (\S+ .+)$/i,
    (counted, rest) => `${counted} where ${rest}`,
  ],
  [
    /^(.+?) with (?:the |an? )?(\S+) (?:of|set to|being|that is) (\S+)$/i,
    (counted, column, value) => `${counted} where ${column} is ${value}`,
  ],
  [
    /^(.+?) with (["'].+["']) in (?:the |its |their )?(\S+)$/i,
    (counted, text, column) => `${counted} where ${column} contains ${text}`,
  ],
  [/^(.+?) with the (\S+) (\S+)$/i, (counted, column, value) => `${counted} where ${column} is ${value}`],
  [/^(.+?) with (?:no|zero) (\S+)$/i, (counted, column) => `${counted} where ${column} is 0`],
  [
    /^(.+?) (?:without(?: an?)?|with (?:an? empty|null)) (\S+)$/i,
    (counted, column) => `${counted} where ${column} is null`,
  ],
  [/^(.+?) with an? (\S+)$/i, (counted, column) => `${counted} where ${column} is not null`],
  [
    /^(.+?) (?:that|which) (?:have|has|are|is) (\S+) (\S+)$/i,
    (counted, column, value) => `${counted} where ${column} is ${value}`,
  ],
  [
    /^(?:there (?:is|are)|should (?:be|return)|we (?:get|see)|it returns?|returned|got) (.+)$/i,
    (rest = null as never) => rest,
  ],
];

const CELLS: Rewrite[] = [
  [
    /^(?:every|each|all) rows? (?:has|have) (?:an? |the )?(\S+) (.+)$/i,
    (column, value) => `every ${column} is ${value}`,
  ],
  [/^(?:any|some) (\S+) is (.+)$/i, (column, value) => `at least 1 row where ${column} is ${value}`],
  [/^(?:none of the|no) (\S+) (?:is|are) (.+)$/i, (column, value) => `no rows where ${column} is ${value}`],
  [/^(count|sum|min|max|avg)\([^()]*\) (.+)$/i, (name = '', rest) => `${name.toLowerCase()} ${rest}`],
  [
    /^(?!(?:prints|contains|complains|returns|shows|fails|exits)\b)((?:every |each )?\S+) (?:is |= )?(?:either |one of |in )?\(?([^\s()]+(?:, [^\s()]+)*(?:,? or [^\s()]+)?)\)?$/i,
    (column, list = '') => withVerb(column ?? '', anyOf(list)),
  ],
  [
    /^(\S+) (?:starts|begins) with (.+)$/i,
    (column, what = '') => `${column} matches /^${quoteRegex(bare(what))}/`,
  ],
  [/^(\S+) ends with (.+)$/i, (column, what = '') => `${column} matches /${quoteRegex(bare(what))}$/`],
  [/^(\S+) (?:is )?like (.+)$/i, (column, what = '') => `${column} matches /${ofLike(bare(what))}/`],
  [
    /^(\S+) (?:isn[’']t|differs from|is other than|is not equal to) (\S+)$/i,
    (column, value) => `${column} is not ${value}`,
  ],
  [/^(\S+) (?:is )?(?:the same as|equal to) (\S+)$/i, (column, other) => `${column} equals ${other}`],
  [
    /^([^\s<>=!≥≤≠]+) ?(<=|>=|<>|!=|==?|[<>≥≤≠]) ?(.+)$/,
    (column, sign = '', value) => `${column} ${SIGNS[sign] ?? sign} ${value}`,
  ],
  [
    new RegExp(`^(.*\\b)(${NUMBER_WORDS.join('|')})$`, 'i'),
    (before, word = '') => `${before}${NUMBER_WORDS.indexOf(word.toLowerCase())}`,
  ],
  [
    /^(\S+ (?:is|are|=|contains|matches) [^,;]+?)(?: and|,|;) (\S+ (?:is|are|=|contains|matches) [^,;]+)$/i,
    (one, other) => `${one}${BOTH}${other}`,
  ],
  [
    /^(.+?) (?:should be|must be|was|will be|equals|is equal to|has) (.+)$/i,
    (column, value) => `${column} is ${value}`,
  ],
  [
    /^(?!(?:every|each|all|any|some|no|none|the|first|last|row|it)\b)([^\s,;]+(?: [^\s,;]+){1,3}) is (.+)$/i,
    (column, rest) => `"${column}" is ${rest}`,
  ],
  [
    /^(?!(?:there|this|that|it)\b)(\S+) (is|=) (?!(?:about|at|not|never|neither|either|between|before|after|under|over|above|below|in|like|less|more|greater)\b|[<>])([^"']*? [^"']*?)( where .+)?$/i,
    (column, is, value = '', where = '') => `${column} ${is} ${quoted(value)}${where}`,
  ],
  [/^returns (\S+)$/i, (value = '') => (/^[\d,]+$/.test(value) ? value : `n is ${value}`)],
  [/^(true|false|t|f|yes)$/i, (value = '') => `n is ${value}`],
  [/^(\w+)$/, (word) => `prints "${word}"`],
  [
    /^(\S+) (?!(?:to|than|more|fewer|less|or|and|times)\b)([a-z_]+?)s? (?!.*\b(?:where|with|having|and|or|whose|for|in order|between)\b)\S+(?: \S+){0,3}$/i,
    (count, noun = '') => `${count} ${/^row$/i.test(noun) ? 'row' : noun}${count === '1' ? '' : 's'}`,
  ],
];

const bare = (text: string) => text.replace(/^["'“‘](.*)["'”’]$/, '$1');

/** SQL's `a%b_` as a regular expression. */
const ofLike = (like: string) =>
  `^${quoteRegex(like).replaceAll('%', '.*').replaceAll('_', '.')}$`
    .replace(/\.\*\$$/, '')
    .replace(/^\^\.\*/, '');

/** The first that fits, and whose sentence is read, wins. */
export const REWRITES: readonly Rewrite[] = [...PRINTED, ...ENDS, ...QUANTITIES, ...ROWS, ...CELLS];
