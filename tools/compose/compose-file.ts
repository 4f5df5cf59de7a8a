import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type * as z from 'zod';
import { type ComposeDocument, readComposeDocument } from './compose-document.ts';
import { ComposeSchema, type ServiceFile } from './compose-schema.ts';
import { ComposeFileError } from './errors.ts';
import { InterpolationError, interpolate, type Variables } from './interpolate.ts';
import { holdsData, serverOf } from './servers.ts';

/** What a service must reach before one that depends on it starts. */
export type Condition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

/** How it is told that a service is well: `test` is a command; times are in milliseconds. */
export interface HealthCheck {
  test: string[];
  intervalMs: number;
  timeoutMs: number;
  startPeriodMs: number;
  retries: number;
}

/** A service of compose.yaml as the embedded replica needs it, with all variables replaced. */
export interface Service {
  name: string;
  /** The image's name, or null where only `build` stands. */
  image: string | null;
  /** The absolute path of the build context, or null where the service is an image. */
  context: string | null;
  entrypoint: string[];
  command: string[];
  environment: Record<string, string>;
  workingDirectory: string | null;
  ports: { host: number; container: number }[];
  dependsOn: { service: string; condition: Condition }[];
  healthCheck: HealthCheck | null;
  restart: 'no' | 'always' | 'on-failure' | 'unless-stopped';
  stopGraceMs: number;
  stopSignal: NodeJS.Signals | null;
  /** The named volume at each path of the container. */
  volumes: Record<string, string>;
  profiles: string[];
  containerName: string | null;
}

/**
 * Reads the services of a compose.yaml, in its order. `projectDirectory` is what relative paths start from.
 * Throws ComposeFileError.
 */
export async function readComposeFile(
  path: string,
  projectDirectory: string,
  variables: Variables,
): Promise<Service[]> {
  const document = await readComposeDocument(path);
  const file = ComposeSchema.safeParse(interpolated(document, document.value, [], variables));
  if (!file.success) throw new ComposeFileError(describeIssue(document, file.error));
  const services = await Promise.all(
    Object.entries(file.data.services).map(async ([name, service]) => {
      const files = await readEnvFiles(document, name, service, projectDirectory);
      return toService(name, service, projectDirectory, { ...variables, ...files }, files);
    }),
  );
  for (const service of services) {
    checkDependencies(document, service, services);
    checkContext(document, service, projectDirectory);
    checkServer(document, service, file.data.services[service.name]?.volumes ?? []);
  }
  return services;
}

/** What a service's files of variables say, the last of a name. */
async function readEnvFiles(
  { at }: ComposeDocument,
  name: string,
  { env_file }: ServiceFile,
  directory: string,
): Promise<Record<string, string>> {
  const read = env_file.map(async ({ path, required }) => {
    const text = await readFile(resolve(directory, path), 'utf8').catch((error: Error) => {
      if (!required) return '';
      const place = at(['services', name, 'env_file']);
      throw new ComposeFileError(`${place}: ${path} cannot be read: ${error.message}`);
    });
    return parseEnv(text) as Record<string, string>;
  });
  return Object.assign({}, ...(await Promise.all(read)));
}

function interpolated(
  document: ComposeDocument,
  value: unknown,
  path: (string | number)[],
  variables: Variables,
): unknown {
  if (typeof value === 'string') {
    try {
      return interpolate(value, variables);
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      throw new ComposeFileError(`${document.at(path)}: ${error.message}`);
    }
  }
  const inside = (item: unknown, key: string | number) =>
    interpolated(document, item, [...path, key], variables);
  if (Array.isArray(value)) return value.map(inside);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inside(item, key)]));
}

function describeIssue({ at }: ComposeDocument, error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${at(issue.path)}: ${issue.path.join('.')}: ${issue.message}` : error.message;
}

function toService(
  name: string,
  file: ServiceFile,
  directory: string,
  variables: Variables,
  files: Record<string, string>,
): Service {
  const context = typeof file.build === 'object' ? file.build.context : file.build;
  return {
    name,
    image: file.image ?? null,
    context: context === undefined ? null : resolve(directory, context),
    entrypoint: file.entrypoint,
    command: file.command,
    environment: {
      ...files,
      ...Object.fromEntries(
        file.environment.flatMap(([key, value]) => {
          const given = value ?? variables[key];
          return given === undefined ? [] : [[key, given]];
        }),
      ),
    },
    workingDirectory: file.working_dir ?? null,
    ports: file.ports.flatMap(({ host, container }) => (host === null ? [] : { host, container })),
    dependsOn: file.depends_on,
    healthCheck: toHealthCheck(file.healthcheck),
    restart: file.restart,
    stopGraceMs: file.stop_grace_period,
    stopSignal: (file.stop_signal as NodeJS.Signals | undefined) ?? null,
    volumes: Object.fromEntries(
      file.volumes.flatMap(({ target, volume }) => (volume === null ? [] : [[target, volume]])),
    ),
    profiles: file.profiles,
    containerName: file.container_name ?? null,
  };
}

function toHealthCheck(file: ServiceFile['healthcheck']): HealthCheck | null {
  if (!file?.test || file.disable) return null;
  const [form, ...words] = typeof file.test === 'string' ? ['CMD-SHELL', file.test] : file.test;
  if (form === 'NONE') return null;
  const test = form === 'CMD-SHELL' ? ['/bin/sh', '-c', words.join(' ')] : words;
  const { interval, timeout, start_period, retries } = file;
  return { test, intervalMs: interval, timeoutMs: timeout, startPeriodMs: start_period, retries };
}

function checkDependencies({ at }: ComposeDocument, { name, dependsOn }: Service, all: Service[]): void {
  for (const { service: needed } of dependsOn) {
    if (all.some((each) => each.name === needed)) continue;
    throw new ComposeFileError(
      `${at(['services', name, 'depends_on'])}: service "${name}" depends on undefined service "${needed}"`,
    );
  }
}

/** Refuses a server that nothing stands in for, or that is given files which its stand-in would not look at. */
function checkServer({ at }: ComposeDocument, service: Service, volumes: ServiceFile['volumes']): void {
  const path = ['services', service.name];
  if (serverOf(service) === null)
    throw new ComposeFileError(
      `${at([...path, 'image'])}: the embedded replica has no ${service.image ?? 'image'} for service ` +
        `"${service.name}": it knows postgres, redis and services with \`build\`; rehearse with --replica docker`,
    );
  if (service.context !== null) return;
  for (const [i, { target, isBound }] of volumes.entries()) {
    if (!isBound || holdsData(target)) continue;
    throw new ComposeFileError(
      `${at([...path, 'volumes', i])}: the embedded replica’s ${service.name} reads nothing from ${target}: ` +
        'rehearse with --replica docker',
    );
  }
}

/** A replica is a copy of the stack, so above it are other directories than above the stack. */
function checkContext({ at }: ComposeDocument, { name, context }: Service, project: string): void {
  const inside = relative(project, context ?? project);
  if (!isAbsolute(inside) && inside.split('/')[0] !== '..') return;
  throw new ComposeFileError(
    `${at(['services', name, 'build'])}: service "${name}" is built from ${context}, ` +
      'which is outside of the stack, and a replica is a copy of the stack: move it inside',
  );
}
