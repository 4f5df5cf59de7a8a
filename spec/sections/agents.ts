import type { SpecStage } from '../support/stage.ts';

/**
 * Queues a task in Redis for the replica's crawler or analyst, waits for its end and returns the lines that
 * say what came of it; `command` is e.g. `analyse --all`.
 */
export async function queue(stage: SpecStage, command: string): Promise<string[]> {
  const printed = await stage.shell(
    'nas',
    `docker compose exec -T crawler node enqueue.ts ${command} --wait`,
  );
  return printed.trimEnd().split('\n');
}
