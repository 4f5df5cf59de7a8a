import { randomUUID } from 'node:crypto';

/** The id of a run that no other has: what its blocks leave at the far side is its own. */
export const newRunId = (): string => `spec-${randomUUID()}`;
