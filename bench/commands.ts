import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import MarkdownIt from 'markdown-it';
import { runToEnd } from '../spec/support/blocks.ts';
import { localExecutor } from '../spec/support/executor.ts';
import { checkDocument } from '../tools/check/check.ts';
import { parseDocument } from '../tools/document/parse.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';
import type { Bench } from './bench.ts';
import { type Pair, type Paired, paired, ratioOf, rowOf } from './pairs.ts';

const START = 'tools/start.mjs';
const node = (...words: string[]) => execa(process.execPath, words, { stdio: 'ignore' });
const nothing = () => node('-e', '0');

/** What a person waits for, each beside the least that there is to wait for. */
const COMMANDS: [what: string, against: string, pair: Pair][] = [
  ['`runbook --version`', '`node -e 0`', [() => node(START, 'runbook', '--version'), nothing]],
  [
    '`runbook check runbook.md`',
    '`node -e 0`',
    [() => node(START, 'runbook', 'check', 'runbook.md'), nothing],
  ],
  [
    '`runbook check --no-cache runbook.md`',
    '`node -e 0`',
    [() => node(START, 'runbook', 'check', '--no-cache', 'runbook.md'), nothing],
  ],
  [
    '`npm run -s runbook -- check`',
    '`node -e 0`',
    [() => execa('npm', ['run', '-s', 'runbook', '--', 'check'], { stdio: 'ignore' }), nothing],
  ],
  [
    '`tools/migrate history`',
    '`node -e 0`',
    [() => execa('tools/migrate', ['history'], { stdio: 'ignore' }), nothing],
  ],
];

export const commands: Bench = {
  title: 'Starting, checking, and one block',
  async run({ tiny }) {
    const measured: [what: string, against: string, pairs: Paired][] = [];
    for (const [what, against, pair] of COMMANDS)
      measured.push([what, against, await paired(pair, tiny ? 1 : 11)]);
    measured.push([
      `${tiny ? 100 : '10,000'} blocks, parsed and checked`,
      'markdown-it alone',
      await paired(page(tiny ? 100 : 10_000), tiny ? 1 : 11),
    ]);
    measured.push(['a block of `echo`', '`bash -c echo`', await echoes(tiny ? 3 : 101)]);
    return {
      head: ['what', 'against', 'median', 'against', 'ratio'],
      rows: measured.map(([what, against, pairs]) => [what, against, ...rowOf(pairs)]),
      ratios: Object.fromEntries(measured.map(([what, , pairs]) => [what, ratioOf(pairs)])),
      reading: `Pairs, one after the other; medians, and the median of the pairs' ratios with the least and the greatest. A block is
run on this machine by an engine that is there already, from its text to its outcome, and forgotten again.`,
    };
  },
};

/** A page of so many blocks, each with a heading, a sentence of prose, and one that is expected. */
function page(blocks: number): Pair {
  const one = (index: number) =>
    [
      ...[`### Block ${index}`, '', 'What it does is said here, in a sentence.', ''],
      ...[
        `\`\`\`sh { name=block-${index} on=local effect=reads timeout=5m }`,
        `echo ${index} | grep ${index}`,
        '```',
      ],
      ...['', '**Expected output:**', `- prints "${index}"`, ''],
    ].join('\n');
  const text = `# Bench\n\n## Step 1: All\n\n${Array.from({ length: blocks }, (_, index) => one(index)).join('\n')}`;
  const bytes = Buffer.from(text);
  const markdown = new MarkdownIt();
  return [
    async () => checkDocument(parseDocument('bench.md', bytes, HOST_KINDS)),
    async () => markdown.parse(text, {}),
  ];
}

const PAGE = '# Bench\n\n```sh { name=echo on=nas }\necho hello\n```\n';

async function echoes(count: number) {
  const directory = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
  const executor = await localExecutor(directory, { RUNBOOK_STATE: join(directory, 'state') });
  const [block] = parseDocument('bench.md', Buffer.from(PAGE), HOST_KINDS).blocks;
  if (!block) throw new Error('the page has no block');
  const one = () => runToEnd(executor, block);
  try {
    return await paired([one, () => execa('bash', ['-c', 'echo hello'])], count);
  } finally {
    await executor.close();
    await rm(directory, { recursive: true, force: true });
  }
}
