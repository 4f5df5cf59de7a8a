import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { readComposeFile, type Service } from './compose-file.ts';
import { imageOf } from './images.ts';

/**
 * The services of the compose.yaml in `directory`, with the variables that a replica of this id and these ports
 * gives it. Throws ComposeFileError, or ComposeError for an image that nothing stands in for.
 */
export async function readStack(
  directory: string,
  id: string,
  ports: Record<string, number>,
): Promise<Service[]> {
  const file = await readFile(join(directory, '.env'), 'utf8').catch(() => '');
  const variables = {
    ...parseEnv(file),
    ...process.env,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    COMPOSE_PROJECT_NAME: id,
  };
  const services = await readComposeFile(join(directory, 'compose.yaml'), directory, variables);
  for (const service of services) imageOf(service);
  return services;
}
