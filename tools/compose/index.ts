/**
 * The door of this part: what others may use of the stand-in for Docker. They import nothing else of it, and it
 * imports nothing of theirs.
 */
export { readComposeDocument } from './compose-document.ts';
export { ComposeError, ComposeFileError } from './errors.ts';
export { fetchPostgres } from './fetched-postgres.ts';
export { findPostgresProgram } from './find-program.ts';
export { initCluster, own, settingArguments, startPostgres } from './postgres.ts';
export { postgresPrograms } from './postgres-programs.ts';
export {
  CONTAINER_VARIABLE,
  isRunning,
  killProcesses,
  listOwners,
  markProcess,
  type ProcessMark,
} from './processes.ts';
export { createProject, openProject, type Project } from './project.ts';
export { holdsData, postgresMajor } from './servers.ts';
export {
  composeFileAt,
  type MadeStack,
  overrideOf,
  type Stack,
  type StackSource,
  sourceOf,
} from './source.ts';
export { removeReplica, sweepReplicas } from './sweep.ts';
