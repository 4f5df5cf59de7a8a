import type { Duplex } from 'node:stream';
import { type Executor, openExecutor } from '../../tools/host/executor.ts';
import { localHost } from '../../tools/host/local.ts';

/** An executor whose host is this machine, in `directory`, without a database. */
export const localExecutor = (
  directory: string,
  environment: Record<string, string> = {},
): Promise<Executor> =>
  openExecutor({
    host: localHost({ directory, environment }),
    hostNames: ['nas'],
    seeded: true,
    localDirectory: directory,
    environment,
    variables: {},
    database: undefined,
    runbook: 'runbook.md',
  });

/** An executor on this machine, in `directory`, that reaches the database `name` of the server behind `connect`. */
export const executorWithDatabase = (
  connect: () => Duplex,
  name: string,
  directory = '/',
  environment: Record<string, string> = {},
): Promise<Executor> =>
  openExecutor({
    host: localHost({ directory, environment, connect }),
    hostNames: ['nas'],
    seeded: true,
    localDirectory: directory,
    environment,
    variables: {},
    database: { service: 'postgres', user: 'crosshot', name },
    runbook: 'runbook.md',
  });
