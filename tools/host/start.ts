import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** How to start a program somewhere: without a shell in between, its standard streams as pipes. */
export type Start = (argv: string[]) => ChildProcessWithoutNullStreams;
