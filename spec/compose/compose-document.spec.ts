import { existsSync } from 'node:fs';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readComposeDocument } from '../../tools/compose/compose-document.ts';
import { ComposeFileError } from '../../tools/compose/errors.ts';
import { createDockerReplica } from '../../tools/replica/docker/replica.ts';
import { createEmbeddedReplica } from '../../tools/replica/embedded.ts';
import { describeWithDocker } from '../support/requires.ts';
import { temporaryDirectory } from '../support/tmp.ts';
import { startTool } from '../support/tool.ts';

const RUNBOOK = `---
database: { service: postgres, user: shop, name: shop }
replica: { stack: . }
---

# Shop

## Step 1: Look

\`\`\`sh { name=look on=local }
echo hello
\`\`\`
`;

const laughs = Array.from({ length: 12 }, (_, at) => {
  const inside = at === 0 ? ['ha'] : Array<string>(10).fill(`*a${at - 1}`);
  return `a${at}: &a${at} [${inside.join(', ')}]\n`;
});
const merges = laughs.map((line) => line.replace('[ha]', '{ ha: 1 }').replace(/ (\[.*\])/, ' { <<: $1 }'));

/** Every way to be no compose file, and what is said of it behind the file's name. */
const FAULTS: [what: string, text: string, said: RegExp][] = [
  ['empty', '', /^:1:1: no service is here: write each one below `services:`$/],
  ['without services', 'services:\n', /^:1:1: no service is here/],
  ['a list of services', '# Shop\nservices:\n  - a\n', /^:2:1: no service is here/],
  ['one word', 'hello', /^:1:1: no service is here/],
  ['a service that says nothing', 'services:\n  a:\n', /^:2:3: service "a" says nothing: write `image:` or/],
  ['a service that is a word', 'services:\n  a: redis\n', /^:2:3: service "a" says nothing/],
  ['no YAML', 'services:\n  a: { image: redis\n  b: ]\n', /^:3:3: this is no YAML: .*; mend it$/],
  ['indented by tabs', 'services:\n\ta: 1\n', /^:2:1: this is no YAML: Tabs are not allowed/],
  [
    'a name twice',
    'services:\n  a: {}\n  a: {}\n',
    /^:3:3: this is no YAML: Map keys must be unique; mend it$/,
  ],
  ['two documents', 'services: { a: {} }\n---\n', /^:2:1: this is no YAML: .*multiple documents/],
  ['a merge of a number', 'services: { a: { <<: 1 } }\n', /^:1:1: this is no YAML: Merge sources must be/],
  ['an alias to nothing', 'services: { a: *b }\n', /^:1:16: \*b stands for nothing: write &b before/],
  [
    'an alias inside of itself',
    'services: { a: &a { image: *a } }\n',
    /^:1:28: aliases make this grow without/,
  ],
  ['a billion laughs', laughs.join(''), /^:7:\d+: aliases make this grow without end: write the values out$/],
  ['a billion merges', merges.join(''), /^:7:\d+: aliases make this grow without end/],
  ['thousands of aliases', `a: &a 1\nb: [${'*a, '.repeat(2000)}]\n`, /^:2:\d+: aliases make this grow/],
  [
    'nested in brackets',
    '['.repeat(100_000),
    /^:1:101: this is nested more than 100 deep: write it flatter$/,
  ],
  ['nested in lists', '- '.repeat(90_000), /^:1:\d+: this is nested more than 100 deep/],
  [
    'nested by aliases',
    `a0: &a0 {}\n${Array.from({ length: 200 }, (_, at) => `a${at + 1}: &a${at + 1} { b: *a${at} }\n`).join('')}`,
    /^:100:\d+: this is nested more than 100 deep/,
  ],
  [
    'long',
    `services: { a: {} }\n#${'x'.repeat(200_000)}`,
    /^: it has \d+ bytes, and a compose file may have/,
  ],
  [
    'a service outside',
    'services:\n  ../../pwn: {}\n',
    /^:2:3: "..\/..\/pwn" is no name of services: use letters/,
  ],
  ['a service called dot', 'services: { ok: {}, .: {} }\n', /^:1:21: "." is no name of services/],
  ['a service called dots', 'services: { ..: {} }\n', /^:1:13: ".." is no name of services/],
  ['a service without a name', 'services: { "": {} }\n', /^:1:13: "" is no name of services/],
  ['a volume outside', 'services: { a: {} }\nvolumes:\n  ../v:\n', /^:3:3: "..\/v" is no name of volumes/],
];

async function composeFile(text: string) {
  const directory = await temporaryDirectory();
  const path = join(directory, 'compose.yaml');
  await writeFile(path, text);
  return { directory, path };
}

const recipeFor = (directory: string, name = 'stack') => ({
  stack: join(directory, name),
  ports: [],
  database: { service: 'a', user: 'shop', name: 'shop' },
  home: join(directory, 'home'),
});

describe('a compose.yaml that is', () => {
  it.each(FAULTS)('%s is refused with its place and what to do', async (_what, text, said) => {
    const { path } = await composeFile(text);
    const error = (await readComposeDocument(path).catch((refused) => refused)) as Error;
    expect(error).toBeInstanceOf(ComposeFileError);
    expect(error.message.startsWith(path)).toBe(true);
    expect(error.message.slice(path.length)).toMatch(said);
  });

  it('not there, or a directory, is refused', async () => {
    const { path, directory } = await composeFile('');
    await expect(readComposeDocument(`${path}s`)).rejects.toThrow(
      `${path}s: there is no such file; \`replica\` in the front matter names it, or its directory`,
    );
    await expect(readComposeDocument(directory)).rejects.toThrow(`${directory}: this is no file`);
  });

  it('a hundred megabytes long is not even read', async () => {
    const { path } = await composeFile('services: { a: {} }\n');
    await truncate(path, 100_000_000);
    await expect(readComposeDocument(path)).rejects.toThrow('it has 100000000 bytes');
  });
});

it.each(['empty', 'no YAML', 'a billion laughs', 'a service outside'])(
  'a rehearsal of a stack that is %s ends with 2, one line and no replica',
  async (wanted) => {
    const [, text = '', said] = FAULTS.find(([what]) => what === wanted) ?? [];
    const { path, directory } = await composeFile(text);
    await writeFile(join(directory, 'runbook.md'), RUNBOOK);
    const words = ['--runbook', join(directory, 'runbook.md'), 'rehearse'];
    const { exitCode, stdout, stderr } = await startTool(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.slice(path.length)).toMatch(said as RegExp);
    expect(existsSync(join(directory, '.runbook'))).toBe(false);
  },
);

/** What each kind of replica says of a stack, and what it leaves. */
async function refusalOf(create: typeof createEmbeddedReplica | typeof createDockerReplica, text: string) {
  const { directory } = await composeFile('');
  await mkdir(join(directory, 'stack'));
  await writeFile(join(directory, 'stack/compose.yaml'), text);
  const recipe = recipeFor(directory);
  const replica = await create(recipe).catch((error: Error) => error);
  if (!(replica instanceof Error)) await replica.down();
  const left = (await readdir(recipe.home, { recursive: true }).catch(() => [])).filter(
    (name) => name !== 'docker',
  );
  return { said: replica instanceof Error ? replica.message : 'nothing', left };
}

const OUTSIDE = 'services:\n  ../../pwn: { image: redis:7 }\n';
const CONTEXT = 'services:\n  a:\n    build: ../beside\n    command: node a.ts\n';

describe('the embedded replica makes nothing of', () => {
  it.each([
    [OUTSIDE, 'compose.yaml:2:3: "../../pwn" is no name of services'],
    [CONTEXT, 'compose.yaml:3:5: service "a" is built from '],
    [
      CONTEXT.replace('../beside', '${WHERE:-/}'),
      'compose.yaml:3:5: service "a" is built from /, which is out',
    ],
    ['services:\n  a:\n    image: redis:7\n    volumes:\n      - b/../../c:/data\n', 'compose.yaml:5:9: '],
    ['services:\n  a: { image: redis:7, restart: sometimes }\n', 'compose.yaml:2:24: services.a.restart: '],
    ['services:\n  a: { image: "${B:?say which}" }\n', 'compose.yaml:2:8: required variable B is missing'],
    ['services:\n  a: { image: mysql:8 }\n', 'the embedded replica has no mysql:8 for service "a"'],
  ])('%j', async (text, said) => {
    expect(await refusalOf(createEmbeddedReplica, text)).toEqual({
      said: expect.stringContaining(said),
      left: [],
    });
  });
});

describeWithDocker('a Docker replica makes nothing of', () => {
  it.each([
    [OUTSIDE, 'compose.yaml:2:3: "../../pwn" is no name of services'],
    [CONTEXT, 'service "a" is built from ../beside, which is no directory of the stack: move it inside'],
  ])('%j', async (text, said) => {
    expect(await refusalOf(createDockerReplica, text)).toEqual({
      said: expect.stringContaining(said),
      left: [],
    });
  });
});
