import type { CompiledSentence } from '../expect/definition.ts';
import type { CompiledFence } from '../expect/fence.ts';
import type { Effect } from './effect.ts';
import type { FrontMatter } from './front-matter.ts';
import type { Place, Problem } from './problem.ts';
import type { Statement } from './statements.ts';

/** runbook.md, read: every value knows where it stands. Made by parseDocument, changed by nobody. */
export interface Document {
  /** As given by the caller, e.g. `runbook.md`; messages begin with it. */
  path: string;
  title: string;
  /** All of it, with `\n` line ends; empty where its bytes are no text. */
  text: string;
  /** Of the file's bytes, in hexadecimal: what the journal and the report know the document by. */
  sha256: string;
  frontMatter: FrontMatter;
  sections: Section[];
  /** Every executable block, in the order of the text. */
  blocks: Block[];
  checks: ChecklistItem[];
  /** What reads as an expectation, and neither is one nor is reported: see claims.ts. */
  claims: Claim[];
  /** What the parser could not accept; check adds what the rules find. */
  problems: Problem[];
}

/** A heading and what stands below it, up to the next heading. */
export interface Section extends Place {
  heading: string;
  level: number;
  /** From the outermost heading below the title: `rollback-procedure/option-a`. */
  path: string;
  /** N of a second-level `Step N: …`, else null. */
  step: number | null;
}

/** An executable fence. */
export type Block = ShellBlock | SqlBlock;

export interface ShellBlock extends BlockBase {
  language: 'sh' | 'bash';
}

export interface SqlBlock extends BlockBase {
  language: 'sql';
  statements: Statement[];
}

export type Language = Block['language'];

/** What every block has, whatever its language. */
export interface BlockBase extends Place {
  name: string;
  section: Section;
  /** `local`, a host's name, or a compose service. */
  on: string;
  effect: Effect;
  /** After so long it is ended and has failed. */
  timeoutMs: number;
  /** A hash of all that decides what it does, in hexadecimal: a resumed run knows it by this, and not by its name. */
  key: string;
  /** The name of a block that reads, and passes where this one is done; null where nothing tells. */
  done: string | null;
  /** While it or an expectation of it fails, it is run again, for so long; 0: never. */
  retryMs: number;
  cwd: string | null;
  interactive: boolean;
  background: boolean;
  /** Runs only where it is named, never as part of its procedure. */
  excludeFromRunAll: boolean;
  tags: string[];
  text: string;
  /** The line of runbook.md that the first line of `text` is, and how far `text` is indented there. */
  body: Place;
  /** In the order of the text; most blocks have one. */
  expectations: Expectation[];
  /** From `**Estimated time:**`: milliseconds, least and most. */
  budgetMs: [number, number] | null;
  /** The text that this block's fault prints (`**Error:**`), where the block is a `**Fix:**`. */
  cures: string | null;
}

/**
 * What a block must show. `scope` is `example` under `**Example output:**`, which speaks of the seeded data
 * and is judged on replicas only; all else is judged everywhere.
 */
export type Expectation = Place & { scope: 'always' | 'example' } & (
    | { kind: 'sentences'; sentences: BoundSentence[] }
    | { kind: 'output'; lines: string[]; compiled: CompiledFence; body: Place }
  );

/** A bullet of an expectation. */
export interface BoundSentence extends Place {
  text: string;
  /** The index of the statement that it speaks of; null in a shell, where it speaks of the whole block. */
  statement: number | null;
  /** Whether it is a table or a `json` fence, which speaks of the next statement that returns rows. */
  shown?: true;
  /** What it says; null where no sentence of the language is written so, which check reports. */
  compiled: CompiledSentence | null;
}

/** Words that a reader takes for an expectation, and that no block is judged by. */
export interface Claim extends Place {
  text: string;
}

/** A `- [ ]` item. Where no block stands in it, the person is asked. */
export interface ChecklistItem extends Place {
  section: Section;
  text: string;
  blocks: Block[];
  /** Where it ends. */
  lastLine: number;
}
