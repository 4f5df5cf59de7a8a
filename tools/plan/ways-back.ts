import type { Block, Document } from '../document/document.ts';
import { leavesOf } from './leaves.ts';
import { blockSteps, stepsOf } from './plan.ts';

/** A procedure of the front matter's `rollback`, and what speaks against it. */
export interface WayBack {
  procedure: string;
  /** Its blocks that destroy, by their names. */
  destroys: string[];
  /** Variables that it uses, that another block would leave, and that are not known. */
  lacks: string[];
}

/** The ways back that a document names, in its order; `known` are the variables that its blocks would see. */
export const waysBack = (document: Document, known: Record<string, string>): WayBack[] =>
  document.frontMatter.rollback.map((procedure) => {
    const steps = stepsOf(document, procedure) ?? [];
    const blocks = blockSteps(steps).map(({ block }) => block);
    const own = new Set(blocks.flatMap(leavesOf));
    const left = new Set(document.blocks.flatMap(leavesOf));
    const used = new Set(blocks.flatMap(usedBy));
    return {
      procedure,
      destroys: blocks.filter(({ effect }) => effect === 'destroys').map(({ name }) => name),
      lacks: [...left].filter((name) => used.has(name) && !own.has(name) && !Object.hasOwn(known, name)),
    };
  });

/** Those that it cannot do without: `${NAME:-…}` can. */
const usedBy = ({ language, text }: Block): string[] =>
  language === 'sql' ? [] : [...text.matchAll(USE)].map(([, name = '', bare = '']) => name || bare);

const USE = /\$\{[#!]?([A-Za-z_]\w*)(?!\w|:?-)|\$([A-Za-z_]\w*)/g;
