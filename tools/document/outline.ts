import type { Section } from './document.ts';
import type { Place, Report } from './problem.ts';
import { problems } from './problems.ts';
import { slug } from './slug.ts';

/** The headings so far: gives each new one its path, and reports one that nothing tells from another. */
export class Outline {
  sections: Section[] = [];
  /** Where blocks stand now; before the first heading, a section without a name. */
  now: Section = { heading: '', level: 0, path: '', step: null, line: 1, column: 1 };
  /** The sections around this point, each with its own part of a path. */
  readonly #open: { level: number; slug: string }[] = [];
  readonly #byPath = new Map<string, Section>();

  enter(level: number, heading: string, { line, column }: Place, report: Report): void {
    while ((this.#open.at(-1)?.level ?? 0) >= level) this.#open.pop();
    const parents = this.#open.filter((section) => section.level > 1).map((section) => section.slug);
    const own = slug(heading);
    const path = [...parents, own].join('/');
    const step = level === 2 ? /^Step (\d+):/.exec(heading)?.[1] : undefined;
    this.now = { heading, level, path, step: step === undefined ? null : Number(step), line, column };
    this.sections.push(this.now);
    this.#open.push({ level, slug: own });
    if (level === 1) return;
    const twin = this.#byPath.get(path);
    if (!twin) this.#byPath.set(path, this.now);
    else report(problems.sameSection({ line, column }, String(twin.line)));
  }
}
