import { showDuration } from '../../text/duration.ts';
import { defineSentence } from '../definition.ts';
import { type HeldLock, LOCKS_SEEN_FROM_MS } from '../subject.ts';
import { verdict } from '../verdict.ts';

const words = ({ table, mode, ms }: HeldLock) => `${mode} on ${table} for ${showDuration(ms)}`;

export const locksAtMost = defineSentence({
  forms: { 'locks: at most {span}': 'locks: at most 2 s' },
  of: 'locks',
  means:
    'no lock that keeps readers or writers of a table waiting (SHARE and above) is held for longer, in a rehearsal',
  objection: (most) =>
    most < LOCKS_SEEN_FROM_MS
      ? `a lock that is held for less than ${showDuration(LOCKS_SEEN_FROM_MS)} may go unseen: say so much or more`
      : null,
  compile: (most) => (locks) => {
    const longest = [...locks].sort((a, b) => b.ms - a.ms);
    const over = longest.filter(({ ms }) => ms > most);
    const actual = (over.length > 0 ? over : longest.slice(0, 1)).map(words).join(', ');
    return verdict(over.length === 0, `at most ${showDuration(most)}`, actual || 'none was seen');
  },
});
