/** A program of this machine that some part of the project cannot do without. */
export interface Requirement {
  name: string;
  /** What cannot be done where it is missing. */
  forbids: string;
  /** Its version where it is there and new enough, else why it will not do. */
  find(): Promise<{ version: string } | { lack: string }>;
  /** Package names; absent where nobody but the person can install it, or Homebrew has none. */
  packages?: { apt: string; brew?: string };
  /** Gets it where no package manager has it. */
  fetch?(): Promise<void>;
  /** Whether an embedded rehearsal of the main procedure takes it. */
  rehearsal: boolean;
}

export type Finding = Requirement & ({ version: string } | { lack: string });

export const isMissing = (finding: Finding): finding is Requirement & { lack: string } => 'lack' in finding;
