import { constants } from 'node:os';

/** The exit status that a shell gives: 128 and the signal's number where a signal ended the process. */
export const exitStatus = (code: number | null, signal: NodeJS.Signals | null) =>
  signal ? 128 + constants.signals[signal] : (code ?? 0);
