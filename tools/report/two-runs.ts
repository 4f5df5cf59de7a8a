import { showDuration } from '../text/duration.ts';
import { code, plain } from './markdown.ts';
import type { BlockReport, RunReport } from './report.ts';

/** What is another in the second of two runs. */
export interface TwoRuns {
  runs: [string, string];
  /** Blocks and expectations whose verdict is another, with the line of the second run's page. */
  verdicts: { block: string; line: number; expectation: string | null; before: string; after: string }[];
  /** Blocks that took their time in both, with how many times as long the second one took. */
  durations: { block: string; before_ms: number; after_ms: number; ratio: number }[];
  /** The names of blocks, and expectations with the block of each, that only one of them has. */
  only: [string[], string[]];
}

/** Two runs side by side, block by block, by the names that a person knows them by. */
export function compareRuns(first: RunReport, second: RunReport): TwoRuns {
  const pairs = first.blocks.flatMap((before) => {
    const after = second.blocks.find(({ name }) => name === before.name);
    return after ? [[before, after] as const] : [];
  });
  return {
    runs: [first.id, second.id],
    verdicts: pairs.flatMap(([before, after]) => verdictsOf(before, after)),
    durations: pairs.flatMap(([before, after]) => durationOf(before, after)),
    only: [onlyIn(first, second), onlyIn(second, first)],
  };
}

function verdictsOf(before: BlockReport, after: BlockReport): TwoRuns['verdicts'] {
  const block = after.name;
  const own =
    before.status === after.status
      ? []
      : [{ block, line: after.line, expectation: null, before: before.status, after: after.status }];
  return [
    ...own,
    ...expectationPairs(before, after).flatMap(([one, other]) =>
      one.status === other.status
        ? []
        : [{ block, line: other.line, expectation: other.text, before: one.status, after: other.status }],
    ),
  ];
}

/** The same sentence may stand there twice: then they are told apart by their order. */
function expectationPairs(before: BlockReport, after: BlockReport) {
  const left = [...before.expectations];
  return after.expectations.flatMap((other) => {
    const at = left.findIndex(({ text }) => text === other.text);
    const [one] = at < 0 ? [] : left.splice(at, 1);
    return one ? [[one, other] as const] : [];
  });
}

/** Of what was not run, or not by the run itself, there is nothing to compare. */
function durationOf(before: BlockReport, after: BlockReport): TwoRuns['durations'] {
  const took = ({ status, carried, duration_ms }: BlockReport) =>
    status === 'not-run' || carried ? null : duration_ms;
  const [before_ms, after_ms] = [took(before), took(after)];
  if (before_ms === null || after_ms === null) return [];
  const ratio = Math.round((after_ms / Math.max(1, before_ms)) * 100) / 100;
  return [{ block: after.name, before_ms, after_ms, ratio }];
}

function onlyIn(one: RunReport, other: RunReport): string[] {
  return one.blocks.flatMap((block) => {
    const same = other.blocks.find(({ name }) => name === block.name);
    if (!same) return [block.name];
    const shared = new Set(expectationPairs(same, block).map(([, mine]) => mine));
    return block.expectations.filter((mine) => !shared.has(mine)).map(({ text }) => `${block.name}: ${text}`);
  });
}

/** In lines for a person; `path` is that of the page. */
export function twoRunsText({ runs, verdicts, durations, only }: TwoRuns, path: string): string {
  const width = Math.max(0, ...durations.map(({ block }) => block.length));
  const part = (heading: string, lines: string[]) => (lines.length > 0 ? ['', heading, ...lines] : []);
  return [
    `${runs[0]} and ${runs[1]}`,
    ...(verdicts.length === 0 ? ['', 'no verdict is another'] : []),
    ...part(
      'another verdict',
      verdicts.map((one) => `  ${verdictWords(one, path)}`),
    ),
    ...part(
      `only in ${runs[0]}`,
      only[0].map((what) => `  ${what}`),
    ),
    ...part(
      `only in ${runs[1]}`,
      only[1].map((what) => `  ${what}`),
    ),
    ...part(
      'durations',
      durations.map((one) => `  ${one.block.padEnd(width)}  ${durationWords(one)}`),
    ),
  ].join('\n');
}

/** The same as a comment for a forge. */
export function twoRunsMarkdown({ runs, verdicts, durations, only }: TwoRuns, path: string): string {
  const list = (heading: string, items: string[]) =>
    items.length > 0 ? ['', `#### ${heading}`, '', ...items.map((item) => `- ${item}`)] : [];
  const named = runs.map(code) as [string, string];
  const rows = durations.map(
    (one) =>
      `| ${code(one.block)} | ${showDuration(one.before_ms)} | ${showDuration(one.after_ms)} | ${one.ratio} |`,
  );
  return [
    `### ${named[0]} and ${named[1]}`,
    ...(verdicts.length === 0 ? ['', 'No verdict is another.'] : []),
    ...list(
      'Another verdict',
      verdicts.map((one) => plain(verdictWords(one, path))),
    ),
    ...list(`Only in ${named[0]}`, only[0].map(plain)),
    ...list(`Only in ${named[1]}`, only[1].map(plain)),
    ...(rows.length > 0
      ? ['', `| block | ${named[0]} | ${named[1]} | × |`, '| --- | ---: | ---: | ---: |', ...rows]
      : []),
    '',
  ].join('\n');
}

const verdictWords = (one: TwoRuns['verdicts'][number], path: string): string =>
  `${path}:${one.line}: ${one.block}${one.expectation === null ? '' : `: ${one.expectation}`}: ${one.before}, then ${one.after}`;

const durationWords = ({ before_ms, after_ms, ratio }: TwoRuns['durations'][number]): string =>
  `${showDuration(before_ms)}, then ${showDuration(after_ms)} (× ${ratio})`;
