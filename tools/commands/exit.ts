/** The statuses that every command ends with. */
export const EXIT = { passed: 0, failed: 1, refused: 2, cannotRun: 3, interrupted: 130 } as const;

/** What each status means: docs/ci.md shows it. */
export const MEANINGS: Record<keyof typeof EXIT, string> = {
  passed: 'all passed',
  failed: 'something that ran was wrong; or `check --strict` found what no run judges, and nothing else',
  refused: 'usage, or a problem in the document: nothing ran',
  cannotRun: 'could not run: host unreachable, a program missing; or how a block ended is unknown',
  interrupted: 'interrupted',
};

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with one message for the person. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly status: ExitStatus;

  constructor(status: ExitStatus, message: string) {
    super(message);
    this.status = status;
  }
}
