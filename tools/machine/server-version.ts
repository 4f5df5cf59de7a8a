import { fetchPostgres, postgresPrograms } from '../compose/index.ts';
import type { Requirement } from './requirement.ts';

/** A major version of PostgreSQL that a runbook's stack names, for embedded replicas. */
export const serverVersion = (major: string): Requirement => ({
  name: `PostgreSQL ${major}`,
  forbids: 'embedded replica of that version: another stands in for it, and says so',
  async find() {
    const { version } = await postgresPrograms(major);
    return version.split('.')[0] === major ? { version } : { lack: 'not fetched' };
  },
  fetch: () => fetchPostgres(major),
  rehearsal: false,
});
