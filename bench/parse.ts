import { checkDocument } from '../tools/check/check.ts';
import { parseDocument } from '../tools/document/parse.ts';
import { compileFence } from '../tools/expect/fence.ts';
import { compareOutput } from '../tools/expect/pattern.ts';
import { HOST_KINDS } from '../tools/host-kinds.ts';
import type { Bench } from './bench.ts';

/** Pages and lines that once took time with the square of their size, or worse; each is made of so many bytes. */
const CASES: Record<string, (bytes: number) => () => void> = {
  'prose: parse and check': (bytes) =>
    page(filled('Some words stand here, and they say little.\n\n', bytes), true),
  'blocks: parse and check': (bytes) =>
    page(filled(`${fence('sh', 'true')}**Expected output:** exits 1\n\n`, bytes), true),
  'one line of a shell block: parse and check': (bytes) =>
    page(fence('sh', `echo ${filled('a', bytes)}`), true),
  'docker logs, again and again: parse and check': (bytes) =>
    page(fence('sh', filled('docker logs ', bytes)), true),
  'continued lines: parse and check': (bytes) => page(fence('sh', `${filled('echo a \\\n', bytes)}b`), true),
  'statements of a block: parse': (bytes) => page(fence('sql', filled('SELECT 1;\n', bytes))),
  'labels of a paragraph: parse': (bytes) =>
    page(`${fence('sh', 'true')}${filled('**Expected output:** prints "x"\n', bytes)}`),
  'labels of a line: parse': (bytes) => page(`${fence('sh', 'true')}${filled('a **b:** ', bytes)}`),
  'comments that never end: parse': (bytes) => page(filled('<!-- ', bytes)),
  'tags that never end: parse': (bytes) => page(`<div>${filled('a <', bytes)}`),
  'words that lead to an output: parse': (bytes) => page(filled('you see ', bytes)),
  'lines behind a label: parse': (bytes) =>
    page(`${fence('sh', 'true')}**Error:** ${filled('<<E\nE\n', bytes)}`),
  'parentheses of a heading: parse': (bytes) => page(`### ${filled('(', bytes)}`),
  'comments of SQL that never end: parse': (bytes) => page(fence('sql', filled('/* a ', bytes))),
  'brackets of front matter: parse': (bytes) => () =>
    void parseDocument('bench.md', Buffer.from(`---\na: ${filled('[', bytes)}\n---\n`), HOST_KINDS),
  'results of results: parse': (bytes) => page(filled('output of ', bytes)),
  'a glob of seven stars': (bytes) => line('*a*a*a*a*a*a*b (glob)', bytes),
  'six captures': (bytes) => line('<a>a<b>a<c>a<d>a<e>a<f>b', bytes),
  'repetitions in a repetition': (bytes) => line('(a+)+b (regex)', bytes),
};

const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n\n`;
const filled = (text: string, bytes: number) => text.repeat(Math.ceil(bytes / text.length));

function page(text: string, check = false): () => void {
  const bytes = Buffer.from(`# Bench\n\n## Step 1: All\n\n${text}\n`);
  return () => {
    const document = parseDocument('bench.md', bytes, HOST_KINDS);
    if (check) checkDocument(document);
  };
}

function line(pattern: string, bytes: number): () => void {
  const compiled = compileFence([pattern]);
  const output = `${'a'.repeat(bytes)}\n`;
  return () => void ('patterns' in compiled && compareOutput(compiled.patterns, output));
}

export const parse: Bench = {
  title: 'Parsing and matching',
  async run({ tiny }) {
    const sizes = tiny ? [1000, 5000] : [100_000, 1_000_000, 10_000_000];
    return {
      head: ['ns/byte', ...sizes.map((bytes) => `${bytes / 1000} kB`)],
      rows: Object.entries(CASES).map(([name, make]) => {
        process.stderr.write(`${name} …\n`);
        return [name, ...costs(make, sizes)];
      }),
      ratios: {},
      reading: 'Nanoseconds a byte: flat along a row where time is linear.',
    };
  },
};

/** Nanoseconds a byte at each size. */
function costs(make: (bytes: number) => () => void, sizes: number[]): string[] {
  make(1000)();
  return sizes.map((bytes) => {
    const work = make(bytes);
    const start = performance.now();
    work();
    return (((performance.now() - start) * 1e6) / bytes).toFixed(0);
  });
}
