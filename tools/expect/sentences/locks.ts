import { showDuration } from '../../text/duration.ts';
import { defineSentence } from '../definition.ts';
import { type HeldLock, LOOKS_EVERY_MS } from '../subject.ts';
import { verdict } from '../verdict.ts';

const words = ({ table, mode, ms }: HeldLock) => `${mode} on ${table} for ${showDuration(ms)}`;

export const locksAtMost = defineSentence({
  forms: { 'locks: at most {span}': 'locks: at most 2 s' },
  of: 'locks',
  means:
    'no lock that keeps readers or writers of a table waiting (SHARE and above) is held for longer, in a rehearsal',
  objection: (most) =>
    most < 2 * LOOKS_EVERY_MS
      ? `locks are looked at every ${showDuration(LOOKS_EVERY_MS)}, and one counts from the look before it to the one after it: say ${showDuration(2 * LOOKS_EVERY_MS)} or more`
      : null,
  compile:
    (most) =>
    ({ held, apartMs }) => {
      const expected = `at most ${showDuration(most)}`;
      const longest = held.toSorted((a, b) => b.ms - a.ms);
      const over = longest.filter(({ ms }) => ms > most);
      if (over.length > 0) return verdict(false, expected, over.map(words).join(', '));
      if (apartMs > most)
        return verdict(
          false,
          expected,
          `not known: nobody could look at the locks for ${showDuration(apartMs)}`,
        );
      return verdict(true, expected, longest.slice(0, 1).map(words).join('') || 'none was seen');
    },
});
