import type { Source } from './source.ts';
import type { Node } from './syntax.ts';

/** Why nobody sees that something fails. */
export type HiddenWhy =
  | { kind: 'last-only'; shell: string }
  | { kind: 'pipe'; shell: string }
  | { kind: 'and' }
  | { kind: 'claim'; told: string }
  | { kind: 'or-tells'; told: string }
  /** `if …; then …; else echo "it failed"; fi`. */
  | { kind: 'if-tells'; told: string }
  /** `… || exit 0`. */
  | { kind: 'or-ends' }
  | { kind: 'negation' }
  /** `condition` is where the condition stands, an offset of the block’s text. */
  | { kind: 'condition'; condition: number }
  | { kind: 'substitution' }
  /** In `$(…)` of what `echo` or `printf` says, which succeeds whatever that gives. */
  | { kind: 'said'; by: string }
  /** In `$(…)` of what goes on with nothing where that fails: a loop, a `case`, a here-document. */
  | { kind: 'taken'; by: string }
  /** In `$(…)` of a test that takes nothing for a good answer. */
  | { kind: 'answer' }
  | { kind: 'declaration'; declares: string }
  | { kind: 'background' }
  /** `wait "$one" "$other"`. */
  | { kind: 'wait' }
  /** Below `set +e`. */
  | { kind: 'switched-off' }
  /** In a pipe below `set +o pipefail`. */
  | { kind: 'pipefail-off' }
  /** What a trap does ends the block well. */
  | { kind: 'trap' }
  /** In `<(…)` or `>(…)`. */
  | { kind: 'process' }
  /** What `find … -exec … \;` calls. */
  | { kind: 'find' }
  /** The end of all the code: `… || true`. */
  | { kind: 'or-true' };

/** A command whose failure nobody sees, by where it begins in the block’s text. */
export type Hidden = HiddenWhy & { offset: number };

/** What is hidden in one shell, each place once: the first reason that is found counts. */
export class Told {
  readonly hidden: Hidden[] = [];
  private readonly offsets = new Set<number>();
  private readonly source: Source;

  constructor(source: Source) {
    this.source = source;
  }

  say(node: Node, why: HiddenWhy): void {
    const offset = this.at(node);
    if (this.offsets.has(offset)) return;
    this.offsets.add(offset);
    this.hidden.push({ ...why, offset });
  }

  /** Where a node begins, an offset of the block’s text. */
  at({ pos }: Node): number {
    return this.source.at(pos);
  }

  isToldWithin({ pos, end }: Node): boolean {
    const [from, to] = [this.source.at(pos), this.source.at(end)];
    return this.hidden.some(({ offset }) => from <= offset && offset < to);
  }
}
