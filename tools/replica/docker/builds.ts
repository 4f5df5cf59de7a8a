import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { ReplicaError } from '../replica.ts';
import { BUILT, type Build, buildMissing, REPOSITORY, tagFor } from './images.ts';
import type { BuildConfig, ComposeConfig, Project, ServiceConfig } from './project.ts';

type Services = ComposeConfig['services'];

/**
 * Has Compose build the images of the services with `build`, as the compose file says, unless they are there; gives their
 * tags by the services' names. Throws ReplicaError where a context is beside the stack, or with the build's last lines.
 */
export async function buildServices(
  project: Project,
  config: ComposeConfig,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (const [name, { build }] of Object.entries(config.services)) {
    if (!build) continue;
    for (const context of contextsOf(build)) await checkContext(name, context, project);
    tags[name] = await tagOf(name, config.services, project);
  }
  const input = buildsOf(config, tags);
  const builds = Object.entries(tags).map(([name, tag]) => buildOf(name, tag, project, input));
  await buildMissing(builds, say, signal);
  return tags;
}

/** The directories that a service is built from, the first of which has its Dockerfile. */
const contextsOf = ({ context, additional_contexts }: BuildConfig): string[] => [
  context,
  ...Object.values(additional_contexts ?? {}).filter((each) => isAbsolute(each)),
];

/** A replica is a copy of the stack, so what the stack has beside it is not there. */
async function checkContext(service: string, context: string, { directory }: Project): Promise<void> {
  const found = await stat(context).catch(() => null);
  if (found?.isDirectory()) return;
  throw new ReplicaError(
    `service "${service}" is built from ${relative(directory, context)}, which is no directory of the stack: ` +
      'move it inside, and name it in compose.yaml',
  );
}

/** Of all that the compose file says of a build, and of what lies where it says: each replica has its own directory. */
async function tagOf(name: string, services: Services, project: Project): Promise<string> {
  const { build, image, platform } = services[name] ?? {};
  if (!build) return image ?? '';
  const others = Object.values(build.additional_contexts ?? {}).flatMap(
    (each) => /^service:(.+)$/.exec(each)?.[1] ?? [],
  );
  const bases = await Promise.all(others.map((other) => tagOf(other, services, project)));
  const dockerfile = resolve(build.context, build.dockerfile ?? 'Dockerfile');
  const directory = JSON.stringify(project.directory).slice(1, -1);
  const said = JSON.stringify([build, platform, bases]).replaceAll(directory, '.');
  return tagFor([...contextsOf(build), dockerfile, `${dockerfile}.dockerignore`], said);
}

/**
 * Compose reads what it resolved itself, by a pipe, as it holds what the environment says. The project’s name is a label of
 * the image, which belongs to no one replica.
 */
function buildOf(service: string, tag: string, { directory }: Project, input: string): Build {
  const project = ['--project-name', REPOSITORY, '--project-directory', directory, '--file', '-'];
  return { tag, args: ['compose', '--progress', 'plain', ...project, 'build', service], input };
}

/** All that is built, as one image may be the base of another. */
function buildsOf({ services, secrets }: ComposeConfig, tags: Record<string, string>): string {
  const built = Object.entries(tags).map(([name, tag]) => [name, underTag(tag, services[name])]);
  return JSON.stringify({ services: Object.fromEntries(built), secrets });
}

/** Under no name of the real stack’s, and published nowhere; for one platform, as where Compose starts what it builds. */
function underTag(tag: string, { build, platform }: ServiceConfig = {}) {
  const labels = { ...build?.labels, ...BUILT };
  const platforms = build?.platforms?.length === 1 ? build.platforms : undefined;
  return {
    image: tag,
    platform,
    build: { ...build, labels, platforms, tags: undefined, cache_to: undefined },
  };
}
