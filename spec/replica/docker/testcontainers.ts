import { DockerComposeEnvironment, type StartedDockerComposeEnvironment, Wait } from 'testcontainers';
import type { Replica } from '../../../tools/replica/replica.ts';

/** Starts the replica's stack with testcontainers, from the same files, and waits for PostgreSQL's health. */
export function startWithTestcontainers(replica: Replica): Promise<StartedDockerComposeEnvironment> {
  return new DockerComposeEnvironment(replica.directory, ['compose.yaml', 'compose.runbook.yaml'])
    .withProjectName(replica.id)
    .withEnvironment(replica.environment)
    .withWaitStrategy(`postgres-1`, Wait.forHealthCheck())
    .up(['postgres']);
}

/** The stack that the runbook is rehearsed on. */
export const stackRecipe = (home: string) => ({
  stack: 'fixtures/stack',
  ports: ['API_PORT'],
  database: { service: 'postgres', user: 'crosshot', name: 'crosshot' },
  home,
});
