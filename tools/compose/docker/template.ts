import { DockerCommandError } from '../errors.ts';

/**
 * Fills the fields of a Go template such as `{{.Service}} {{.State}}` or `{{json .Ports}}`. Throws
 * DockerCommandError for anything else between the braces.
 */
export function fillTemplate(template: string, fields: Record<string, unknown>): string {
  const text = template.replaceAll('\\t', '\t').replaceAll('\\n', '\n');
  return text.replaceAll(/\{\{([^{}]*)\}\}/g, (_, between: string) => {
    const expression = between.trim();
    const [, json, name] = /^(json )?\.(\w*)$/.exec(expression) ?? [];
    const value = name === '' ? fields : fields[name ?? ''];
    if (name === undefined || value === undefined) {
      throw new DockerCommandError(
        `the embedded replica knows no {{${expression}}}: use {{.${Object.keys(fields).join('}}, {{.')}}}`,
        1,
      );
    }
    return json ? JSON.stringify(value) : String(value);
  });
}

/** Lays rows out in columns three spaces apart, as Docker does. */
export function layOut(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('   '),
  );
  return lines.map((line) => `${line}\n`).join('');
}
