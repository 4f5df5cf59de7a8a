import type { BlockFinished, Event } from './event.ts';

/** How each block of a run ended, by its name. */
export const finishedBlocks = (events: readonly Event[]): Map<string, BlockFinished> =>
  new Map(
    events.flatMap((event): [string, BlockFinished][] =>
      event.type === 'block-finished' ? [[event.name, event]] : [],
    ),
  );
