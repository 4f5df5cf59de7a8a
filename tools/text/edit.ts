/** A change of a text: what stands from `start` to before `end`, in UTF-16 units, becomes `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

const inOrder = (edits: readonly Edit[]) => [...edits].sort((a, b) => a.start - b.start || a.end - b.end);

/** The text with all edits made; they must not overlap. Those at one place are made in their order. */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, text } of inOrder(edits)) {
    parts.push(source.slice(from, start), text);
    from = end;
  }
  return parts.join('') + source.slice(from);
}

/** The edits of a text that do what `first` does, and then `second`, whose places are those of the text after `first`. */
export function composeEdits(source: string, first: readonly Edit[], second: readonly Edit[]): Edit[] {
  const between = applyEdits(source, first);
  let moved = 0;
  const spans = [
    ...inOrder(first).map((edit) => {
      const start = edit.start + moved;
      moved += edit.text.length - (edit.end - edit.start);
      return { start, end: start + edit.text.length, edit, isFirst: true };
    }),
    ...inOrder(second).map((edit) => ({ start: edit.start, end: edit.end, edit, isFirst: false })),
  ].sort((a, b) => a.start - b.start || a.end - b.end);
  const composed: Edit[] = [];
  // How far places after the spans so far are from where they are in the source.
  let away = 0;
  for (let i = 0; i < spans.length; ) {
    const start = (spans[i] as (typeof spans)[number]).start;
    const from = i;
    let end = start;
    for (; i < spans.length && (spans[i] as (typeof spans)[number]).start <= end; i++)
      end = Math.max(end, (spans[i] as (typeof spans)[number]).end);
    const met = spans.slice(from, i);
    const begin = start - away;
    for (const { edit, isFirst } of met) if (isFirst) away += edit.text.length - (edit.end - edit.start);
    const inside = met.flatMap(({ edit, isFirst }) =>
      isFirst ? [] : [{ start: edit.start - start, end: edit.end - start, text: edit.text }],
    );
    composed.push({ start: begin, end: end - away, text: applyEdits(between.slice(start, end), inside) });
  }
  return composed;
}

/** Where each line of a text begins, and where its characters end, in front of its line end. */
export interface LineSpan {
  start: number;
  end: number;
}

/** The lines of a file as it is: `\r\n`, `\n` and a lone `\r` each end one, and a byte-order mark is none of the first. */
export function lineSpans(source: string): LineSpan[] {
  const spans: LineSpan[] = [];
  let start = source.startsWith('\ufeff') ? 1 : 0;
  for (const { index, 0: ending } of source.matchAll(/\r\n|\r|\n/g)) {
    spans.push({ start, end: index });
    start = index + ending.length;
  }
  return [...spans, { start, end: source.length }];
}

/** The lines that edits change, as diff shows them: a place, then the old lines behind `-` and the new ones behind `+`. */
export function showEdits(path: string, source: string, edits: readonly Edit[]): string[] {
  const spans = lineSpans(source);
  const shown: string[] = [];
  let line = 0;
  for (const group of byLines(spans, inOrder(edits))) {
    while ((spans[line + 1]?.start ?? Number.POSITIVE_INFINITY) <= group.first) line++;
    const whole = { start: group.first, end: group.last };
    const after = applyEdits(
      source.slice(whole.start, whole.end),
      group.edits.map(({ start, end, text }) => ({
        start: start - whole.start,
        end: end - whole.start,
        text,
      })),
    );
    const lines = (text: string, mark: string) =>
      text === ''
        ? []
        : text
            .replace(/\r\n$|\r$|\n$/, '')
            .split(/\r\n|\r|\n/)
            .map((one) => `${mark}${one}`);
    shown.push(
      `${path}:${line + 1}`,
      ...lines(source.slice(whole.start, whole.end), '-'),
      ...lines(after, '+'),
    );
  }
  return shown;
}

interface Group {
  /** Where its first line begins, and where the line behind its last one does. */
  first: number;
  last: number;
  edits: Edit[];
}

/** Edits of the same lines together. */
function byLines(spans: LineSpan[], edits: Edit[]): Group[] {
  const groups: Group[] = [];
  let line = 0;
  for (const edit of edits) {
    while ((spans[line + 1]?.start ?? Number.POSITIVE_INFINITY) <= edit.start) line++;
    const first = spans[line]?.start ?? 0;
    let behind = line;
    while (behind < spans.length && (spans[behind]?.start ?? 0) < edit.end) behind++;
    const last = edit.end > edit.start || edit.start > first ? Math.max(behind, line + 1) : line;
    const end = spans[last]?.start ?? (spans.at(-1)?.end as number);
    const before = groups.at(-1);
    if (before && before.last > first) {
      before.edits.push(edit);
      before.last = Math.max(before.last, end);
    } else groups.push({ first, last: end, edits: [edit] });
  }
  return groups;
}
