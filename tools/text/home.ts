import { join } from 'node:path';

/**
 * Where the tool keeps what it leaves: a directory `.runbook` beside the runbook, called its home everywhere.
 *
 *     .runbook/runs/<run>/      journal.jsonl, page.md, report.json, report.html
 *     .runbook/last             a link to the newest run
 *     .runbook/replicas/<id>/   an embedded replica
 *     .runbook/replicas/docker/<id>/   a Docker replica
 */
export const homeIn = (directory: string): string => join(directory, '.runbook');

/** The directory of all runs. */
export const runsOf = (home: string): string => join(home, 'runs');

/** The directory of one run. */
export const runDirectory = (home: string, id: string): string => join(runsOf(home), id);

/** The link to the newest run. */
export const lastRunOf = (home: string): string => join(home, 'last');

/** The journal in a run's directory. */
export const journalIn = (run: string): string => join(run, 'journal.jsonl');

/** The runbook as it was when the run began, in the run's directory. */
export const pageIn = (run: string): string => join(run, 'page.md');

/** The report in a run's directory, in one of the forms that are written after each run. */
export const reportIn = (run: string, form: 'json' | 'html'): string => join(run, `report.${form}`);

/** The directory of all replicas; the embedded ones stand right in it. */
export const replicasOf = (home: string): string => join(home, 'replicas');

/** The directory of the Docker replicas among the replicas: the sweep of the embedded ones passes it over. */
export const dockerReplicasIn = (replicas: string): string => join(replicas, 'docker');

/** Whether a directory's name is a replica's id, embedded or Docker; one that is being made or removed has another. */
export const isReplicaId = (name: string): boolean => /^runbook-[0-9a-f]{8}$/.test(name);
