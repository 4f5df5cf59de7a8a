import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDocument } from '../../tools/check/check.ts';
import { parseDocument } from '../../tools/document/parse.ts';
import { HOST_KINDS } from '../../tools/host-kinds.ts';

/**
 * What public runbooks are made of, written anew: each second heading is a page. `#= code` at the end of a line says what is
 * truly wrong in it, and is taken away before anything reads the page.
 */
const CORPUS = join(import.meta.dirname, '../../fixtures/corpus');
const MARK = /[ \t]*#= ([a-z -]+)$/;

const files = readdirSync(CORPUS).sort();

interface Finding {
  /** `ssh.md:12 endless`, and the line. */
  known: string;
  text: string;
}

function truthAndFound(file: string): { pages: number; truth: Finding[]; found: Finding[] } {
  const lines = readFileSync(join(CORPUS, file), 'utf8').split('\n');
  const clean = lines.map((line) => line.replace(MARK, ''));
  const findingAt = (i: number, code: string) => ({
    known: `${file}:${i + 1} ${code}`,
    text: clean[i] ?? '',
  });
  const truth = lines.flatMap((line, i) =>
    (MARK.exec(line)?.[1]?.split(' ') ?? []).map((code) => findingAt(i, code)),
  );
  const document = parseDocument(file, Buffer.from(clean.join('\n')), HOST_KINDS);
  const found = checkDocument(document).map(({ line, rule }) => findingAt(line - 1, rule));
  return { pages: lines.filter((line) => line.startsWith('## ')).length, truth, found };
}

const all = files.map(truthAndFound);
const less = (these: Finding[], those: Finding[]) => {
  const known = new Set(those.map((one) => one.known));
  return these.filter((one) => !known.has(one.known)).map((one) => `${one.known}: ${one.text}`);
};
const truth = all.flatMap((one) => one.truth);
const found = all.flatMap((one) => one.found);

describe('check of the corpus of public runbooks’ constructions', () => {
  it('has at least 80 pages', () => {
    expect(all.reduce((sum, { pages }) => sum + pages, 0)).toBeGreaterThanOrEqual(80);
  });

  it('gives no false alarm', () => {
    expect(less(found, truth)).toEqual([]);
  });

  it('finds at least 95 of 100 true problems', () => {
    const missed = less(truth, found);
    expect(missed.length / truth.length, missed.join('\n')).toBeLessThanOrEqual(0.05);
  });
});
