import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

/** A way to start programs on a host, in the project directory there. */
export interface Door {
  /** For messages: `this machine`, `minyic@192.168.0.190`. */
  name: string;
  /** Starts a program without a shell in between; its standard streams are pipes. */
  start(argv: string[]): ChildProcessWithoutNullStreams;
  close(): Promise<void>;
}

/** This machine, in `directory`, with `environment` added to the caller's. */
export function localDoor(directory: string, environment: Record<string, string>): Door {
  return {
    name: 'this machine',
    // A session of its own: Ctrl-C reaches the run, which decides what to end and how.
    start: ([program = '', ...args]) =>
      spawn(program, args, { cwd: directory, env: { ...process.env, ...environment }, detached: true }),
    close: async () => undefined,
  };
}
