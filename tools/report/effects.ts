import {
  changesOf,
  type Effects,
  isMeasured,
  LOOKS_EVERY_MS,
  looksApartMs,
  type Unmeasured,
} from '../outcome/effects.ts';
import { count } from '../text/count.ts';
import { showDuration } from '../text/duration.ts';
import { showSize } from '../text/size.ts';
import type { BlockReport, RunReport } from './report.ts';

/** What a block did to the database, for people: what it changed, what it locked, and how much the server wrote. */
export interface EffectWords {
  changes: string;
  /** Sampled, so that each was held at most so long. */
  locks: string;
  /** How often they were looked at: one that was held for less may not be among them. */
  looked: string;
  wal: string;
}

/** Null where there is nothing to tell: it was not watched, or did nothing. */
export function effectWords(effects: Effects | Unmeasured | null): EffectWords | null {
  if (effects === null) return null;
  if (!isMeasured(effects))
    return { changes: `not known: ${effects.unmeasured}`, locks: '', looked: '', wal: '' };
  const changes = changesOf(effects).join('; ');
  const locks = effects.locks.map(
    ({ table, mode, ms }) => `${mode} on ${table}, at most ${showDuration(ms)}`,
  );
  if (changes === '' && locks.length === 0) return null;
  return {
    changes,
    locks: locks.join('; '),
    looked: lookedWords(looksApartMs(effects)),
    wal: showSize(effects.wal_bytes),
  };
}

/** A machine that has much to do looks less often. */
function lookedWords(apartMs: number): string {
  const often = `looked at every ${showDuration(LOOKS_EVERY_MS)}`;
  return apartMs > 2 * LOOKS_EVERY_MS ? `${often}, once after ${showDuration(apartMs)}` : often;
}

/** The same in a line; empty where there is nothing to tell. */
export function effectLine(effects: BlockReport['effects']): string {
  const words = effectWords(effects);
  if (!words) return '';
  return [words.changes, besideChanges(words)].filter(Boolean).join(' · ');
}

/** Locks and log in a line; empty where nothing was seen. */
export const besideChanges = ({ locks, looked, wal }: EffectWords): string =>
  [locks && `locks (${looked}): ${locks}`, wal && `${wal} of write-ahead log`].filter(Boolean).join(' · ');

/** How much of a page and of its blocks no run judges, in words; empty where all is judged. */
export function unjudgedWords({ blocks, claims, items }: RunReport['unjudged']): string {
  const parts = [
    blocks > 0 ? `${count(blocks, 'block')} but for how ${blocks === 1 ? 'it ends' : 'they end'}` : '',
    claims ? `${count(claims, 'claim')} of the page` : '',
    items ? `${count(items, 'checklist item')} without proof` : '',
  ].filter(Boolean);
  return parts.length > 0 ? `not judged: ${parts.join(', ')}` : '';
}
