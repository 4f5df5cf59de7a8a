import { z } from 'zod';
import { isName, NO_NAME } from './compose-document.ts';
import { parseDurationMs } from './duration.ts';
import { splitWords } from './words.ts';

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const Command = z.union([z.array(z.coerce.string()), z.string(), z.null()]).transform((command, context) => {
  const words = typeof command === 'string' ? splitWords(command) : (command ?? []);
  if (!words) context.addIssue({ code: 'custom', message: 'a quote is not closed' });
  return words ?? [];
});

const Duration = z.string().transform((text, context) => {
  const milliseconds = parseDurationMs(text);
  if (milliseconds === null)
    context.addIssue({ code: 'custom', message: `"${text}" is no duration: write 1m30s` });
  return milliseconds ?? 0;
});

const Environment = z.union([z.array(z.string()), z.record(z.string(), Scalar)]).transform((given) =>
  Array.isArray(given)
    ? given.map((line): [string, string | null] => {
        const [name = '', ...rest] = line.split('=');
        return [name, line.includes('=') ? rest.join('=') : null];
      })
    : Object.entries(given).map(([name, value]): [string, string | null] => [
        name,
        value === null ? null : String(value),
      ]),
);

const Port = z
  .union([
    z.string(),
    z.number(),
    z.object({ target: z.coerce.number(), published: z.coerce.number().optional() }),
  ])
  .transform((port, context) => {
    if (typeof port === 'object') return { host: port.published ?? null, container: port.target };
    const match = /^(?:(?:.*:)?(\d+):)?(\d+)(?:\/tcp)?$/.exec(String(port));
    if (!match) context.addIssue({ code: 'custom', message: `"${port}" is no port: write HOST:CONTAINER` });
    return { host: match?.[1] === undefined ? null : Number(match[1]), container: Number(match?.[2]) };
  });

const DependsOn = z
  .union([
    z.array(z.string()),
    z.record(
      z.string(),
      z.object({
        condition: z
          .enum(['service_started', 'service_healthy', 'service_completed_successfully'])
          .default('service_started'),
      }),
    ),
  ])
  .transform((given) =>
    Array.isArray(given)
      ? given.map((service) => ({ service, condition: 'service_started' as const }))
      : Object.entries(given).map(([service, { condition }]) => ({ service, condition })),
  );

const HealthCheckFile = z.object({
  test: z.union([z.string(), z.array(z.string())]).optional(),
  interval: Duration.default(30_000),
  timeout: Duration.default(30_000),
  start_period: Duration.default(0),
  retries: z.coerce.number().default(3),
  disable: z.boolean().default(false),
});

const Volume = z
  .union([z.string(), z.object({ source: z.string().optional(), target: z.string() })])
  .transform((volume): [target: string, source: string] => {
    if (typeof volume === 'object') return [volume.target, volume.source ?? ''];
    const [source = '', target] = volume.split(':');
    return target === undefined ? [source, ''] : [target, source];
  })
  .transform(([target, source], context): [target: string, volume: string | null] => {
    const isDirectory = source === '' || /^[./~]/.test(source);
    if (!isDirectory && !isName(source))
      context.addIssue({ code: 'custom', message: `"${source}" is no name of a volume: ${NO_NAME}` });
    return [target, isDirectory ? null : source];
  });

const ServiceSchema = z.object({
  image: z.string().optional(),
  build: z.union([z.string(), z.object({ context: z.string().default('.') })]).optional(),
  entrypoint: Command.default([]),
  command: Command.default([]),
  environment: Environment.default([]),
  working_dir: z.string().optional(),
  ports: z.array(Port).default([]),
  depends_on: DependsOn.default([]),
  healthcheck: HealthCheckFile.optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).default('no'),
  stop_grace_period: Duration.default(10_000),
  stop_signal: z.string().optional(),
  volumes: z.array(Volume).default([]),
  profiles: z.array(z.string()).default([]),
  container_name: z.string().optional(),
  extends: z.never('`extends` is not supported by the embedded replica: use --replica docker').optional(),
});

/** What is read of a compose.yaml; what else stands in it is Docker's alone. */
export const ComposeSchema = z.object({
  services: z.record(z.string(), ServiceSchema),
  include: z.never('`include` is not supported by the embedded replica: use --replica docker').optional(),
});

/** A service as the file has it. */
export type ServiceFile = z.infer<typeof ServiceSchema>;
