import { EXIT, MEANINGS } from '../commands/exit.ts';
import { table } from './table.ts';

/** The table of docs/ci.md: the statuses that commands end with. */
export const exitTable = (): string =>
  table(
    ['exit status', 'means'],
    Object.entries(EXIT).map(([name, status]) => [String(status), MEANINGS[name as keyof typeof EXIT]]),
  );
