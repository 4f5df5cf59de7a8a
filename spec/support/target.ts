import { localDoor } from '../../tools/host/door.ts';
import type { Target } from '../../tools/host/executor.ts';
import { openTarget } from '../../tools/host/open.ts';

/** A target whose host is this machine, in `directory`, without a database. */
export function localTarget(directory: string, environment: Record<string, string> = {}): Promise<Target> {
  return openTarget({
    facts: { name: 'here', kind: 'embedded', services: null, terminal: false },
    seeded: true,
    door: localDoor(directory, environment),
    localDirectory: directory,
    environment,
    variables: {},
    database: undefined,
    connectDatabase: null,
    runbook: 'runbook.md',
  });
}
