import MarkdownIt from 'markdown-it';

/** Reads pages as forges show them, as far as a runbook depends on it. */
export const markdown = new MarkdownIt('commonmark', { html: true }).enable('table');
