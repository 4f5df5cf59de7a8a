import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../tools/check/check.ts';
import { problemLines } from '../../tools/commands/page.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';

const RUNBOOK = [
  '# Shop',
  '',
  '- [ ] It greets.',
  '',
  '  ```sh { name=greet on=local }',
  '  echo hello',
  '  ```',
  '',
  '  **Expected output:** prints "hello"',
  '',
].join('\n');

const parse = (bytes: Uint8Array) => parseDocument('runbook.md', bytes, HOST_KINDS);
const problems = (bytes: Uint8Array) => problemLines('runbook.md', checkDocument(parse(bytes)));
const bytesOf = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

/** All of a value but its functions: the judge of a sentence is another one for each document. */
const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('bytes that are a text', () => {
  const plain = parse(Buffer.from(RUNBOOK));

  it.each([
    ['Windows line ends', RUNBOOK.replaceAll('\n', '\r\n')],
    ['old Macintosh line ends', RUNBOOK.replaceAll('\n', '\r')],
    ['a byte-order mark', `\ufeff${RUNBOOK}`],
    ['no line end at the end', RUNBOOK.trimEnd()],
  ])('%s change nothing', (_, text) => {
    const { blocks, problems } = parse(Buffer.from(text));
    expect({ blocks: data(blocks), problems }).toEqual({ blocks: data(plain.blocks), problems: [] });
  });

  it('tabs indent as they do on a page', () => {
    const { blocks, problems } = parse(Buffer.from(RUNBOOK.replaceAll(/^ {2}/gm, '\t')));
    expect(problems).toEqual([]);
    expect(blocks[0]).toMatchObject({
      name: 'greet',
      text: 'echo hello\n',
      expectations: [{ kind: 'sentences' }],
    });
  });

  it('an empty file is a document without blocks', () => {
    expect(parse(Buffer.alloc(0))).toMatchObject({ blocks: [], problems: [] });
  });
});

describe('bytes that are none are refused at their place', () => {
  it.each([
    ['UTF-16, little end first', Buffer.from(`\ufeff${RUNBOOK}`, 'utf16le'), '1:1: the file is UTF-16'],
    ['UTF-16, big end first', Buffer.from(`\ufeff${RUNBOOK}`, 'utf16le').swap16(), '1:1: the file is UTF-16'],
    ['a byte of Latin-1', bytesOf('# Shop\n\nGr', [0xfc], 'n\n'), '3:3: byte 0xfc is not UTF-8'],
    ['a character cut short', bytesOf('# Shop\r\n€', [0xe2, 0x82]), '2:2: byte 0xe2 is not UTF-8'],
    ['half of a surrogate pair', bytesOf('# Shop ', [0xed, 0xa0, 0x80]), '1:8: byte 0xed is not UTF-8'],
    ['NUL', bytesOf('# Shop\n\na\0b\n'), '3:2: a NUL character stands in the text'],
  ])('%s', (_, bytes, message) => {
    expect(problems(bytes)).toEqual([`runbook.md:${message}; save the file as UTF-8 [encoding]`]);
  });
});

describe('size', () => {
  const many = (count: number, part: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => part(i)).join('\n');

  it('10,000 blocks are read, each with its own expectation', () => {
    const text = many(10_000, (i) =>
      [`## Section ${i}`, '', '```sh', `echo ${i}`, '```', '', `**Expected output:** prints "${i}"`, ''].join(
        '\n',
      ),
    );
    const document = parse(Buffer.from(text));
    expect(document.blocks).toHaveLength(10_000);
    expect(document.blocks[9999]).toMatchObject({
      line: 9999 * 8 + 3,
      expectations: [{ line: 9999 * 8 + 7 }],
    });
    expect(checkDocument(document)).toEqual([]);
  });

  it('a list of 10,000 sentences is read', () => {
    const bullets = many(10_000, (i) => `- prints "${i}"`);
    const text = `\`\`\`sh\ntrue\n\`\`\`\n\n**Expected output:**\n\n${bullets}\n`;
    expect(parse(Buffer.from(text)).blocks[0]?.expectations[0]).toMatchObject({
      sentences: { length: 10_000, 9999: { text: 'prints "9999"', line: 10_006 } },
    });
  });

  it.each([
    [
      'words of a command',
      (n: number) => `\`\`\`sh { name=a on=local }\n${'docker logs '.repeat(n)}\n\`\`\`\n`,
    ],
    [
      'letters of an option',
      (n: number) => `\`\`\`sh { name=a on=local }\ndocker logs -${'f'.repeat(n)}\n\`\`\`\n`,
    ],
    ['labels of a line', (n: number) => `\`\`\`sh\ntrue\n\`\`\`\n\n${'a **Fix:** '.repeat(n)}\n`],
  ])('so many %s that no call takes them as its arguments are read', (_, text) => {
    expect(parse(Buffer.from(text(200_000))).blocks).toHaveLength(1);
    expect(problems(Buffer.from(text(200_000))).length).toBeLessThan(400_000);
  });
});
