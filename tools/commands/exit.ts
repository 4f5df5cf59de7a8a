/** The statuses that every command ends with. */
export const EXIT = {
  passed: 0,
  /** Something that ran was wrong. */
  failed: 1,
  /** Usage, or a problem in the document: nothing ran. */
  refused: 2,
  /** Host unreachable, a program missing. */
  cannotRun: 3,
  interrupted: 130,
} as const;

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
