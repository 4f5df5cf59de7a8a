import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adoptPage } from '../../tools/adopt/adopt.ts';

const adopted = (...lines: string[]) => adoptPage(lines.join('\n'), []).trimEnd().split('\n');

it.each(['session', 'wiki', 'readme'])('a page of other people: %s', async (name) => {
  const page = readFileSync(`fixtures/foreign/${name}.md`, 'utf8');
  await expect(adoptPage(page, [])).toMatchFileSnapshot(`golden/${name}.md`);
});

describe('prompts', () => {
  it('are taken away, and what stands below a command is what it prints', () => {
    expect(
      adopted('# A', '', '## B', '', '```console', '$ echo a', 'a', '$ echo b', 'b', '```').slice(4),
    ).toEqual([
      ...['```sh { name=b }', 'echo a', '```', '', '**Expected output:**', '', '```text', 'a', '```', ''],
      ...['```sh { name=b-2 }', 'echo b', '```', '', '**Expected output:**', '', '```text', 'b', '```'],
    ]);
  });

  it.each([
    ['<id>', '<id> (equal)'],
    ['id: <id...>', 'id: <id...> (equal)'],
    ['all of it (regex)', 'all of it (regex) (equal)'],
    ['a( (re+)', 'a( (re+) (equal)'],
    ['Continue (?)', 'Continue (?) (equal)'],
    ['C:\\temp (esc)', 'C:\\temp (esc) (equal)'],
    ['...', '...'],
    ['<a href="/">', '<a href="/">'],
    ['a\tb', 'a\tb'],
  ])('stand above what is meant as it stands: %s', (line, expected) => {
    const [, , , , , , , shown] = adopted('```console', '$ run', line, '```');
    expect(shown).toBe(expected);
  });

  it.each([
    ['root@shop:/srv# id', 'id'],
    ['deploy@shop:~$ id', 'id'],
    ['❯ id', 'id'],
  ])('%s', (line, code) => {
    expect(adopted('```console', line, '```')).toEqual(['```sh { name=block }', code, '```']);
  });

  it('of psql make it SQL', () => {
    expect(adopted('```', 'shop=# SELECT 1', 'shop-#   AS one;', '```')).toEqual([
      ...['```sql { name=block }', 'SELECT 1', '  AS one;', '```'],
    ]);
  });

  it('are none where a dollar sign belongs to the code', () => {
    const page = ['```sh', '$HOME/bin/run', 'echo "$ 5"', '```'];
    expect(adopted(...page)).toEqual(['```sh { name=block }', ...page.slice(1)]);
  });
});

describe('what does not run stays as it is', () => {
  it.each(['yaml', 'json', 'python', 'text', ''])('a fence of %s', (language) => {
    const page = [`\`\`\`${language}`, 'a: 1', '```'];
    expect(adopted(...page)).toEqual(page);
  });

  it('a fence that has attributes', () => {
    const page = ['```sh { name=mine }', '$ echo', '```'];
    expect(adopted(...page)).toEqual(page);
  });
});

describe('labels', () => {
  it('stay in the item of a list that they stand in', () => {
    const page = [
      '1. Go:',
      '',
      '   ```sh',
      '   echo a',
      '   ```',
      '',
      '   Expected output:',
      '',
      '   ```',
      '   a',
      '   ```',
    ];
    expect(adopted(...page).slice(6)).toEqual([
      '   **Expected output:**',
      '',
      '   ```text',
      '   a',
      '   ```',
    ]);
  });

  it.each([
    'Expected result:',
    '**Expected:**',
    'You should see something like this:',
    '*Output:*',
    'Returns:',
  ])('%s', (words) => {
    const page = adopted('```sh', 'echo a', '```', '', words, '```', 'a', '```');
    expect(page.slice(4)).toEqual(['**Expected output:**', '', '```text', 'a', '```']);
  });

  it('are none where they speak of no fence', () => {
    const page = ['Hello.', '', 'Expected: rain'];
    expect(adopted(...page)).toEqual(page);
  });
});

describe('headings', () => {
  it.each([
    [
      ['## 1. One', '## 2. Two'],
      ['## Step 1: One', '## Step 2: Two'],
    ],
    [
      ['### Step 1 - One', '### Step 2 – Two'],
      ['## Step 1: One', '## Step 2: Two'],
    ],
    [
      ['## Step 1: One', '## 7. Two'],
      ['## Step 1: One', '## 7. Two'],
    ],
  ])('%j', (before, after) => {
    expect(adopted(...before)).toEqual(after);
  });

  it('become steps where something runs below them, but for those that lead back', () => {
    const run = ['```sh', 'true', '```'];
    const page = adopted('## About', '## Do', '### More', ...run, '## Rollback', ...run);
    expect(page.filter((line) => line.startsWith('#'))).toEqual([
      ...['## About', '## Step 1: Do', '### More', '## Rollback'],
    ]);
  });
});

it('the front matter of a page stays, with what it does not say itself', () => {
  const given = ['---', 'hosts:', '  nas:', '    ssh: nas', 'database: postgres:14', '---'];
  const own = ['title: Shop', 'database: postgres:16'];
  const both = [...own, ...given.slice(1, 4)];
  for (const end of ['---', '...'])
    expect(adoptPage(['---', ...own, end, '', '# A', ''].join('\n'), given)).toBe(
      ['---', ...both, end, '', '# A', ''].join('\n'),
    );
  expect(adoptPage('# A\n', ['---', 'b: 2', '---'])).toBe('---\nb: 2\n---\n\n# A\n');
});

it('line ends of Windows and a byte order mark are none of a runbook’s', () => {
  expect(adoptPage('\uFEFF# A\r\n\r\n```sh\r\ntrue\r\n```\r\n', [])).toBe(
    '# A\n\n```sh { name=a }\ntrue\n```\n',
  );
});
