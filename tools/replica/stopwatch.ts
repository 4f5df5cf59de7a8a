import type { PhaseFinished } from '../journal/event.ts';

/** Times the parts of a replica's life, for the journal. */
export interface Stopwatch {
  finished: PhaseFinished[];
  time<T>(phase: string, work: () => Promise<T>): Promise<T>;
}

export function stopwatch(): Stopwatch {
  const finished: PhaseFinished[] = [];
  return {
    finished,
    async time(phase, work) {
      const since = performance.now();
      const result = await work();
      const duration_ms = Math.round(performance.now() - since);
      finished.push({ type: 'phase-finished', at: new Date().toISOString(), phase, duration_ms });
      return result;
    },
  };
}
