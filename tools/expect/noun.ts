import { wordsIn } from '../text/words.ts';

/**
 * The noun of `4 period tables` or of `5 new columns on orders`, which names for the reader what the rows are; null
 * where a text says more than that. Nobody judges a noun, so it must not say anything that could be false of a row.
 */
export function nounIn(text: string): string | null {
  const words = text.split(' ');
  if (words.some((word) => PREDICATE.test(word))) return null;
  const at = words.findIndex((word, i) => i > 0 && PREPOSITION.test(word));
  const head = at < 0 ? words : words.slice(0, at);
  return isHead(head) && (at < 0 || isTail(words.slice(at + 1), head)) ? text : null;
}

/** Words with which something is said of the rows, not what they are. */
const PREDICATE = new RegExp(
  `^(?:${wordsIn(`
    where with without that which whose who when if whenever while is are was were be has have had having
    contains? containing equals? match(?:es|ing)? named called starting ending holding showing like exists?
    and or but than not no nor all each every any none only either both between least most more fewer less
    up at so exactly about
  `).join('|')})$|n[’']t$|^[\\d=<>!≤≥~]|[?!]$`,
  'i',
);

const PREPOSITION = /^(of|on|in|for|from|per)$/i;

/** Of rows themselves, whatever follows would be said of them: `3 rows failed`, `3 rows in error`. */
const ROWS = /^(rows?|records?|results?|entry|entries|tuples?|items?|values?)$/i;

const isPlural = (word: string) => /[^s]s$/i.test(word);

/** Words that say how a thing is: `1 user active`, `2 users in error`. */
const STATE = new RegExp(
  `^(?:${wordsIn(`
    (?:in)?active (?:in|un)?valid (?:un)?healthy (?:un)?known (?:un)?available (?:in)?complete (?:in)?correct (?:un)?equal
    (?:un)?stable (?:un)?safe (?:in)?visible ok okay fine good bad missing present null empty done true false ready pending
    failed running stopped enabled disabled locked found down online offline old new left right wrong open idle busy dead
    alive broken corrupt stale different identical unique today yesterday tomorrow now then here there
    errors? failures? trouble doubt danger debt use progress transit flight recovery sync standby maintenance quarantine
    conflict effect place order force time schedule hold fire duty strike
  `).join('|')})$`,
  'i',
);

/** `CrashLoopBackOff`, as machines call the state of a thing. */
const STATE_NAME = /^[A-Z][a-z]+[A-Z]/;

/** What is done to a thing, or what it does, and no thing itself. */
const DOING = /(?:ed|ing)$/i;
const THING =
  /^(?:bed|feed|seed|speed|thing|string|ring|ping|(?:build|sett|mapp|list|rat|rank|head|book|bill|pric|warn|find|record|encod|bind|post|embedd|meet)ing)$/i;

const isState = (word: string) => STATE.test(word) || STATE_NAME.test(word);

/** `regular views`, `sales orders`; behind a plural only plurals may stand, for `2 users active` is said of users. */
function isHead(words: string[]): boolean {
  if (words.length === 0 || words.length > 5) return false;
  const first = words.findIndex((word) => isPlural(word) || ROWS.test(word));
  const last = words.at(-1) ?? '';
  if (first < 0) return words.length === 1 || !(isState(last) || (DOING.test(last) && !THING.test(last)));
  const behind = words.slice(first + 1);
  if (behind.length === 1 && behind[0] === 'returned') return true;
  return ROWS.test(words[first] ?? '') ? behind.length === 0 : behind.every(isPlural);
}

/** `on orders`, `in the table`: what things are of; a second word could say how they are. */
function isTail(words: string[], head: string[]): boolean {
  const named = words[0]?.toLowerCase() === 'the' ? words.slice(1) : words;
  return named.length === 1 && !ROWS.test(head.at(-1) ?? '') && !isState(named[0] ?? '');
}
