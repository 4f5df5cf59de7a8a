import { readFileSync } from 'node:fs';
import { blockArticle } from './html/block.ts';
import { html, trusted } from './html/markup.ts';
import { appendix, contents, masthead } from './html/summary.ts';
import type { RunReport } from './report.ts';
import { sectionsOf } from './sections.ts';

const style = readFileSync(new URL('./html/page.css', import.meta.url), 'utf8');

/** One page that needs nothing else: no script, no picture, no request. It reads as the runbook does. */
export function htmlReport(report: RunReport): string {
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
${sections.map(
  (section) => html`
<section>
<h2 id="${section.id}">${section.heading}</h2>
${section.blocks.map((block) => blockArticle(block, report))}
</section>`,
)}
${appendix(report)}
</main>
</body>
</html>
`;
  return page.markup;
}
