import type { Event } from '../journal/event.ts';
import type { Style } from './style.ts';

/** Where a run is shown. `columns` is null where it is no terminal: then only whole lines are written. */
export interface Screen {
  write(text: string): void;
  columns: number | null;
  style: Style;
  /** Told of each event, too, as it is recorded. */
  watch?(event: Event): void;
  /** Whether what a block printed that passed is shown, too. */
  verbose?: boolean | undefined;
}
