import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { readComposeFile, type Service } from './compose-file.ts';
import { ComposeFileError } from './errors.ts';
import type { ReplicaRecord } from './layout.ts';
import { overrideOf } from './source.ts';

/**
 * The services of a compose file, with the variables that a replica of this id and these ports
 * gives it. Throws ComposeFileError.
 */
export async function readStack(
  path: string,
  { id, ports, images }: Pick<ReplicaRecord, 'id' | 'ports' | 'images'>,
): Promise<Service[]> {
  const override = overrideOf(path);
  if (override !== null)
    throw new ComposeFileError(
      `${override}:1:1: the embedded replica reads one compose file, and Compose reads this one, too: ` +
        'rehearse with --replica docker',
    );
  const directory = dirname(path);
  const file = await readFile(join(directory, '.env'), 'utf8').catch(() => '');
  const variables = {
    ...parseEnv(file),
    ...process.env,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    COMPOSE_PROJECT_NAME: id,
  };
  const services = await readComposeFile(path, directory, variables);
  return services.map((service) => ({ ...service, image: images[service.name] ?? service.image }));
}
