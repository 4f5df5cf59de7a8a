import * as z from 'zod';
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
  .transform(([target, source], context): VolumeFile => {
    const isDirectory = source === '' || /^[./~]/.test(source);
    if (!isDirectory && !isName(source))
      context.addIssue({ code: 'custom', message: `"${source}" is no name of a volume: ${NO_NAME}` });
    return { target, volume: isDirectory ? null : source, isBound: isDirectory && source !== '' };
  });

/** What is at a path of the container: a volume by its name, something of the host, or else nothing that lasts. */
interface VolumeFile {
  target: string;
  volume: string | null;
  isBound: boolean;
}

const EnvFile = z
  .union([z.string(), z.object({ path: z.string(), required: z.boolean().default(true) })])
  .transform((file) => (typeof file === 'string' ? { path: file, required: true } : file));

/** The remedy for whatever the embedded replica lacks. */
const ON_DOCKER = 'rehearse with --replica docker';

/** What changes nothing here: limits and rights of containers, their networks and names, and what others read. */
const OF_CONTAINERS = [
  'annotations attach blkio_config cap_add cap_drop cgroup cgroup_parent cpu_count cpu_percent cpu_period',
  'cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset develop dns dns_opt dns_search domainname',
  'expose extra_hosts group_add hostname init ipc isolation label_file labels logging mac_address mem_limit',
  'mem_reservation mem_swappiness memswap_limit network_mode networks oom_kill_disable oom_score_adj pid',
  'pids_limit platform privileged pull_policy read_only runtime security_opt shm_size stdin_open storage_opt',
  'sysctls tmpfs tty ulimits user userns_mode uts',
].flatMap((names) => names.split(' '));

/** Refuses what the embedded replica has not, by its name and at its line. What begins with `x-` is the person's own. */
function known<Shape extends z.ZodRawShape>(shape: Shape, ignored: readonly string[]) {
  const schema = z.looseObject({ ...shape });
  return schema.superRefine((value, context) => {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(shape, key) || ignored.includes(key) || key.startsWith('x-')) continue;
      const message = `the embedded replica has no \`${key}\`: ${ON_DOCKER}`;
      context.addIssue({ code: 'custom', path: [key], message });
    }
  });
}

const OneContainer = z.coerce.number().max(1, `the embedded replica runs one of each service: ${ON_DOCKER}`);

const ServiceSchema = known(
  {
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
    env_file: z.union([EnvFile.transform((file) => [file]), z.array(EnvFile)]).default([]),
    scale: OneContainer.optional(),
    deploy: z.looseObject({ replicas: OneContainer.optional() }).optional(),
  },
  OF_CONTAINERS,
);

/** What is read of a compose.yaml. What the embedded replica can do nothing about, and changes what runs, is refused. */
export const ComposeSchema = known({ services: z.record(z.string(), ServiceSchema) }, [
  'version',
  'name',
  'networks',
  'volumes',
  'secrets',
  'configs',
]);

/** A service as the file has it. */
export type ServiceFile = z.infer<typeof ServiceSchema>;
