import { readFileSync } from 'node:fs';
import type { Event } from '../journal/event.ts';
import type { Picture } from '../journal/files.ts';
import type { Output } from '../outcome/output.ts';
import { type BlockView, blockArticle } from './html/block.ts';
import { marginOf } from './html/margin.ts';
import { renderedPage } from './html/markdown-page.ts';
import { html, type Markup, trusted } from './html/markup.ts';
import { appendix, contents, masthead, whatWentWrong } from './html/summary.ts';
import { timeline } from './html/timeline.ts';
import type { RunReport } from './report.ts';
import { type ReportSection, sectionsOf } from './sections.ts';

const style = readFileSync(new URL('./html/page.css', import.meta.url), 'utf8');

/** What a run leaves besides its report. */
export interface Kept {
  /** The runbook as it was; null where it was not kept. */
  text: string | null;
  /** Its events, for the result sets of its blocks. */
  events: readonly Event[];
  /** What its blocks left of pictures, by their names. */
  pictures: ReadonlyMap<string, Picture[]>;
}

/**
 * One page that needs nothing else: no script, no request; pictures stand in it. It is the runbook, with what became of
 * each block and each sentence; without the page that was kept, it is its blocks in their order.
 */
export function htmlReport(report: RunReport, kept: Kept | null = null): string {
  const views = viewsOf(report, kept);
  const sections = sectionsOf(report.blocks);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${report.status}: ${report.runbook.title || report.runbook.path}</title>
<style>${trusted(style)}</style>
</head>
<body>
${masthead(report)}
${contents(sections)}
<main>
${whatWentWrong(report)}
${kept && timeline(kept.events, report.finished_at ?? report.started_at)}
${kept?.text ? renderedPage(kept.text, marginOf({ views, context: report, controls: () => null })) : bySection(sections, views, report)}
${appendix(report)}
</main>
</body>
</html>
`;
  return page.markup;
}

function bySection(sections: ReportSection[], views: BlockView[], report: RunReport): Markup {
  const viewOf = new Map(views.map((view) => [view.block, view]));
  return html`
${sections.map(
  (section) => html`
<section>
<h2>${section.heading}</h2>
${section.blocks.map((block) => blockArticle(viewOf.get(block) as BlockView, report))}
</section>`,
)}`;
}

function viewsOf({ blocks }: RunReport, kept: Kept | null): BlockView[] {
  const outputs = new Map<string, Output | null>();
  for (const event of kept?.events ?? [])
    if (event.type === 'block-finished' || event.type === 'block-carried')
      outputs.set(event.name, event.output);
  return blocks.map((block) => ({
    block,
    output: outputs.get(block.name) ?? null,
    running: null,
    pictures: (kept?.pictures.get(block.name) ?? []).map(({ name, type, bytes }) => ({
      name,
      address: `data:${type};base64,${bytes.toString('base64')}`,
    })),
  }));
}
