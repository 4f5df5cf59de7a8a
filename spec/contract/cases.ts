import { beyondCases } from './beyond.ts';
import { composeCases } from './compose.ts';
import { databaseCases } from './database.ts';
import { effectCases } from './effects.ts';
import { endingCases } from './ending.ts';
import { goneCases } from './gone.ts';
import { lateCases } from './late.ts';
import { placeCases } from './places.ts';

/** What holds on every host while blocks run. */
export const RUNNING = [placeCases, composeCases, databaseCases, effectCases];

/** What holds on every host for the end of a block: by itself, from outside, or with its machine. */
export const ENDING = [endingCases, beyondCases, goneCases, lateCases];
