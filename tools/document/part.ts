import type { LabelKind, Line } from './label.ts';
import type { Place, Problem } from './problem.ts';

/**
 * What a page is made of, in the order of the text. Parts stand in one flat list: what is nested on the page is told
 * by `level` alone, which grows by one with each list, item or quotation around it.
 */
export type Part = Place & { level: number } & PartContent;

type PartContent =
  | { kind: 'heading'; rank: number; text: string }
  /** A paragraph, or a cell of a table; `text` are its lines in one. */
  | { kind: 'text'; text: string; lines: Line[] }
  /** One of the bold words that begin a line of the paragraph before it, with what stands behind it. */
  | { kind: 'label'; label: LabelKind; rest: string }
  | FenceContent
  /** `end` is the index of the first part behind the list. */
  | { kind: 'list'; end: number }
  /** An item of the list around it; `text` is that of its first paragraph, `lastLine` where it ends. */
  | { kind: 'item'; text: string; isEmpty: boolean; lastLine: number }
  /** Of a Markdown table, its rows of cells, the head first; `end` is the index of the first part behind it. */
  | { kind: 'table'; rows: string[][]; end: number }
  /** `text` is what is shown of it, on the lines that it stands on. */
  | { kind: 'html'; text: string }
  /** Code that is set off by indentation alone. */
  | { kind: 'indented' }
  | { kind: 'rule' }
  /** What looks like one of ours and is none; it stands before, or behind, the part that it is about. */
  | { kind: 'flaw'; problem: Problem };

export interface FenceContent {
  kind: 'fence';
  /** The whole info string, and where it begins. */
  info: string;
  infoPlace: Place;
  /** Its first word. */
  language: string;
  text: string;
  /** Where `text` begins: of an indented fence, its column too. */
  body: Place;
}

export type PartOf<Kind extends Part['kind']> = Extract<Part, { kind: Kind }>;
