/** A full disk as Node, PostgreSQL, Redis and programs in general report it. */
const PATTERN = /ENOSPC|no space left on device|check free disk space/i;

/** The message itself and, where it speaks of a full disk, what to do about it. */
export const withRemedy = (message: string) =>
  PATTERN.test(message)
    ? `${message}\nThe disk is full: free some space (old runs and replicas lie in .runbook) and try again.`
    : message;
