import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Block } from '../tools/document/document.ts';
import { parseDocument } from '../tools/document/parse.ts';
import type { DatabaseLogin } from '../tools/host/database.ts';
import { openExecutor } from '../tools/host/executor.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';
import { makePlan, type Plan } from '../tools/plan/plan.ts';
import { chooseReplica } from '../tools/replica/choose.ts';
import { recipeOf, seedFiles, variablesOf } from '../tools/replica/recipe.ts';
import type { Replica } from '../tools/replica/replica.ts';
import { seed } from '../tools/replica/seed.ts';
import type { RunReport } from '../tools/report/report.ts';
import { quote } from '../tools/text/quote.ts';
import type { Bench } from './bench.ts';
import { median } from './median.ts';
import { type Paired, ratioOf, rowOf, timed } from './pairs.ts';

const document = parseDocument('runbook.md', readFileSync('runbook.md'), HOST_KINDS);

export const rehearsal: Bench = {
  title: 'A rehearsal',
  async run({ tiny }) {
    const count = tiny ? 1 : 5;
    const whole: RunReport[] = [];
    const pairs: Paired = [];
    for (let index = 0; index < count; index++) {
      const report = await rehearse();
      whole.push(report);
      pairs.push([blocksOf(report), await onReplica(byScript)]);
    }
    const seconds = (of: (report: RunReport) => number) => `${(median(whole.map(of)) / 1000).toFixed(1)} s`;
    return {
      head: ['what', 'against', 'median', 'against', 'ratio'],
      rows: [
        ['`rehearse`, from its start to its end', '', seconds(lengthOf), '', ''],
        ['of it, the start of the replica', '', seconds(({ phases }) => phases.start ?? 0), '', ''],
        ['of it, the seed', '', seconds(({ phases }) => phases.seed ?? 0), '', ''],
        ['of it, the blocks', 'one bash script', ...rowOf(pairs)],
      ],
      ratios: { 'the blocks of `rehearse`': ratioOf(pairs) },
      reading: `The main procedure with the small data, on the embedded replica; medians. The script has the text of the same blocks, with
\`docker compose exec\` and psql where they name a service or speak SQL: it judges nothing, records nothing, and goes on
whatever fails. Both run on a replica that was just started and seeded.`,
    };
  },
};

async function rehearse(): Promise<RunReport> {
  const { stdout } = await execa(process.execPath, [
    'tools/start.mjs',
    'runbook',
    'rehearse',
    '--replica',
    'embedded',
  ]);
  const directory = /^report: (.+)$/m.exec(stdout)?.[1] ?? '';
  return JSON.parse(await readFile(join(directory, 'report.json'), 'utf8'));
}

const lengthOf = ({ started_at, finished_at }: RunReport) =>
  Date.parse(finished_at ?? started_at) - Date.parse(started_at);
const blocksOf = ({ blocks }: RunReport) =>
  blocks.reduce((ms, { duration_ms }) => ms + (duration_ms ?? 0), 0);

/** Milliseconds of what is done on a replica of its own, without its start and its end. */
async function onReplica(work: (replica: Replica, plan: Plan) => Promise<unknown>): Promise<number> {
  const recipe = recipeOf(document);
  const database = recipe.database as DatabaseLogin;
  const replica = await chooseReplica('embedded', recipe, () => undefined);
  try {
    await replica.up([database.service]);
    await seed(replica.host, database, replica.id, seedFiles(document, 'small'));
    await replica.up();
    const facts = {
      name: 'replica',
      kind: 'embedded' as const,
      hostNames: ['nas'],
      services: null,
      terminal: false,
    };
    const planned = makePlan(document, 'main', facts);
    if (!('plan' in planned)) throw new Error('the runbook has problems');
    return await timed(() => work(replica, planned.plan));
  } finally {
    await replica.down();
  }
}

/** The text of the same blocks as one script of bash. */
async function byScript(replica: Replica, { steps }: Plan): Promise<void> {
  const executor = await openExecutor(surroundings(replica));
  const kept = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
  try {
    const blocks = steps.flatMap((step) => (step.kind === 'block' ? [step.block] : []));
    const script = [...blocks.map((block) => commandOf(block, replica))].join('\n');
    const env = { ...replica.environment, ...executor.variables, RUNBOOK_RUN: kept };
    await execa('bash', ['-s'], { input: script, env, stdout: 'ignore', reject: false });
  } finally {
    await executor.close();
    await rm(kept, { recursive: true, force: true });
  }
}

function commandOf(block: Block, { directory }: Replica): string {
  const { service, user, name } = recipeOf(document).database as DatabaseLogin;
  const inside = (container: string, command: string) =>
    `docker compose exec -T \${BACKUP:+-e BACKUP="$BACKUP"} ${container} ${command} <<'END_OF_BLOCK'\n${block.text}\nEND_OF_BLOCK`;
  if (block.language === 'sql')
    return `cd ${quote(directory)}\n${inside(service, `psql -U ${user} -d ${name} -X -q -v ON_ERROR_STOP=1`)}`;
  if (block.on === 'local') return `cd ${quote(process.cwd())}\n${block.text}`;
  if (block.on === 'nas') return `cd ${quote(directory)}\n${block.text}`;
  return `cd ${quote(directory)}\n${inside(block.on, 'bash')}`;
}

const surroundings = (replica: Replica) => ({
  host: replica.host,
  hostNames: ['nas'],
  seeded: true,
  localDirectory: process.cwd(),
  environment: replica.environment,
  variables: variablesOf(document, replica),
  database: recipeOf(document).database ?? undefined,
  runbook: document.path,
});
