import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse, YAMLError } from 'yaml';
import type { z } from 'zod';
import { ComposeSchema, type ServiceFile } from './compose-schema.ts';
import { InterpolationError, interpolate, type Variables } from './interpolate.ts';

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

/** A compose.yaml that cannot be read; `message` begins with its path. */
export class ComposeFileError extends Error {
  override name = 'ComposeFileError';
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
  const raw = interpolated(path, await load(path), variables);
  const file = ComposeSchema.safeParse(raw);
  if (!file.success) throw new ComposeFileError(`${path}: ${describeIssue(file.error)}`);
  const services = Object.entries(file.data.services).map(([name, service]) =>
    toService(name, service, projectDirectory, variables),
  );
  for (const service of services) checkDependencies(path, service, services);
  return services;
}

async function load(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8'), { merge: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new ComposeFileError(`${path}: there is no such file`);
    if (error instanceof YAMLError) throw new ComposeFileError(`${path}: ${error.message}`);
    throw error;
  }
}

function interpolated(path: string, value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') {
    try {
      return interpolate(value, variables);
    } catch (error) {
      if (error instanceof InterpolationError) throw new ComposeFileError(`${path}: ${error.message}`);
      throw error;
    }
  }
  if (Array.isArray(value)) return value.map((item) => interpolated(path, item, variables));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolated(path, item, variables)]),
  );
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.join('.')}: ${issue.message}` : error.message;
}

function toService(name: string, file: ServiceFile, directory: string, variables: Variables): Service {
  const context = typeof file.build === 'object' ? file.build.context : file.build;
  const isNamed = ([, source]: [string, string]) => source !== '' && !/^[./~]/.test(source);
  return {
    name,
    image: file.image ?? null,
    context: context === undefined ? null : resolve(directory, context),
    entrypoint: file.entrypoint,
    command: file.command,
    environment: Object.fromEntries(
      file.environment.flatMap(([key, value]) => {
        const given = value ?? variables[key];
        return given === undefined ? [] : [[key, given]];
      }),
    ),
    workingDirectory: file.working_dir ?? null,
    ports: file.ports.flatMap(({ host, container }) => (host === null ? [] : { host, container })),
    dependsOn: file.depends_on,
    healthCheck: toHealthCheck(file.healthcheck),
    restart: file.restart,
    stopGraceMs: file.stop_grace_period,
    stopSignal: (file.stop_signal as NodeJS.Signals | undefined) ?? null,
    volumes: Object.fromEntries(file.volumes.filter(isNamed)),
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

function checkDependencies(path: string, service: Service, all: Service[]): void {
  for (const { service: needed } of service.dependsOn) {
    if (all.some(({ name }) => name === needed)) continue;
    throw new ComposeFileError(`${path}: service "${service.name}" depends on undefined service "${needed}"`);
  }
}
