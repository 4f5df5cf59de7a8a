import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const START = fileURLToPath(new URL('../../tools/start.mjs', import.meta.url));

/** The arguments of a node that runs the tool with these words, whatever directory it is in. */
export const toolArguments = (...words: string[]): string[] => [START, 'runbook', ...words];

/** Where the tool runs; `environment` is added to that of the spec. */
export interface Surroundings {
  directory?: string;
  environment?: Record<string, string>;
}

/** Starts the tool as a process of its own, with pipes for its streams. It never rejects for an exit status. */
export const startTool = (words: string[], { directory, environment = {} }: Surroundings = {}) =>
  execa(process.execPath, toolArguments(...words), {
    reject: false,
    stdin: 'ignore',
    // execa would kill what takes more than five seconds to end after a signal.
    forceKillAfterDelay: false,
    // In a workflow of a forge, a spec's rehearsal is none of the job's.
    env: { GITHUB_ACTIONS: '', ...environment },
    ...(directory && { cwd: directory }),
  });
