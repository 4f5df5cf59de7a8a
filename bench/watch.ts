import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { Bench } from './bench.ts';
import { median } from './median.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** What blocks of the page take from beside it; what is only read is linked. */
const COPIED = ['runbook.md', 'sql', 'fixtures', 'package.json', 'tsconfig.json'];
const LINKED = ['tools', 'node_modules'];

/** The number of an expectation, and a wrong one in its place. */
const RIGHT = '```text\n10\n```';
const WRONG = '```text\n11\n```';

export const watch: Bench = {
  title: 'Watching: from the save of an expectation to the verdict',
  async run({ tiny }) {
    const directory = await mkdtemp(join(tmpdir(), 'runbook-bench-'));
    try {
      for (const name of COPIED) await cp(join(ROOT, name), join(directory, name), { recursive: true });
      for (const name of LINKED) await symlink(join(ROOT, name), join(directory, name));
      const { blocks, times } = await measure(directory, tiny ? ['list-backup'] : [], tiny ? 2 : 10);
      const inMs = (ms: number) => `${Math.round(ms)} ms`;
      const cells = [Math.min(...times), median(times), Math.max(...times)].map(inMs);
      return {
        head: ['blocks judged', 'saves', 'least', 'median', 'most'],
        rows: [[String(blocks), String(times.length), ...cells]],
        reading: READING,
        ratios: {},
      };
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};

const READING = `\`rehearse --watch\` of runbook.md on an embedded replica. One number of one expectation is changed, wrong and right in
turn; the time is from before the save to the line that says how the whole page stands, with nothing run.`;

async function measure(directory: string, procedure: string[], saves: number) {
  const command = [
    'tools/start.mjs',
    'runbook',
    'rehearse',
    ...procedure,
    '--watch',
    '--replica',
    'embedded',
  ];
  const tool = execa(process.execPath, command, {
    ...{ cwd: directory, stdin: 'ignore', reject: false, buffer: false },
  });
  try {
    const told = wordsOf(tool.stdout);
    await told.until(WATCHING);
    const text = await readFile(join(directory, 'runbook.md'), 'utf8');
    const times: number[] = [];
    let blocks = 0;
    for (let save = 0; save < saves; save++) {
      const isWrong = save % 2 === 0;
      const before = performance.now();
      await writeFile(join(directory, 'new.md'), isWrong ? text.replace(RIGHT, WRONG) : text);
      await rename(join(directory, 'new.md'), join(directory, 'runbook.md'));
      const judged = await told.until(WATCHING);
      times.push(performance.now() - before);
      const isFailed = judged.includes('✗ list-backup');
      if (!judged.includes('nothing is run again') || isFailed !== isWrong)
        throw new Error(`not what was saved: ${judged}`);
      blocks = judged.match(/^\S+ \[\d+\/\d+\] [✓✗] /gm)?.length ?? 0;
    }
    return { blocks, times };
  } finally {
    tool.kill('SIGINT');
    await tool;
  }
}

const WATCHING = 'watching runbook.md';

/** What a program prints, up to a text that is waited for. Throws Error where the program ends before that. */
function wordsOf(stream: NodeJS.ReadableStream): { until(text: string): Promise<string> } {
  let printed = '';
  const chunks = stream[Symbol.asyncIterator]();
  return {
    async until(text) {
      while (!printed.includes(text)) {
        const { value, done } = await chunks.next();
        if (done) throw new Error(`it ended: ${printed}`);
        printed += String(value);
      }
      const end = printed.indexOf(text) + text.length;
      const before = printed.slice(0, end);
      printed = printed.slice(end);
      return before;
    },
  };
}
