import { problems } from './problems.ts';

/** The catalogue of problems as a table in Markdown: one row for each kind, in the order of the catalogue. */
export function problemTable(): string {
  const rows = Object.values(problems).map(
    ({ rule, wording: [message, remedy] }) => `| \`${rule}\` | ${cell(message)} | ${cell(remedy)} |`,
  );
  return ['| identifier | says | and what to do |', '| --- | --- | --- |', ...rows].join('\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|');
