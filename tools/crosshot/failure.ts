/** 1: something that ran was wrong; 2: wrong usage, nothing ran; 3: the database could not be reached. */
type FailureStatus = 1 | 2 | 3;

/** A failure whose message is written for the person at the terminal and says what to do. */
export class Failure extends Error {
  override name = 'Failure';
  readonly exitStatus: FailureStatus;

  constructor(exitStatus: FailureStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitStatus = exitStatus;
  }
}
