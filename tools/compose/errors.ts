/** Whatever this part cannot do and foresees; `message` says what to do. What is no ComposeError is a defect. */
export class ComposeError extends Error {
  override name = 'ComposeError';
}

/** A compose.yaml that cannot be read; `message` begins with its path and, where there is one, line and column. */
export class ComposeFileError extends ComposeError {
  override name = 'ComposeFileError';
}

/** A PostgreSQL server that could not be made or started; `message` ends with the server's own last words. */
export class PostgresError extends ComposeError {
  override name = 'PostgresError';
}

/** What a command of `docker compose` cannot do; `exitCode` is what the command ends with. */
export class DockerCommandError extends ComposeError {
  override name = 'DockerCommandError';
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
