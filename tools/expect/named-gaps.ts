/** A line with names in it: what stands between the names, and the names, each where it stands. */
export interface NamedGaps {
  /** One more than there are names: the texts before, between and behind them. */
  literals: string[];
  names: string[];
}

/** A name that stands twice in a line is tried with so many texts: enough for lines of 150 characters. */
const MOST_TRIED = 10_000;

/** Where `<name>`s stand in a text; null where there are none. */
export function namedGaps(text: string): NamedGaps | null {
  const parts = text.split(/<([a-z_]\w*)>/i);
  if (parts.length === 1) return null;
  return { literals: parts.filter((_, i) => i % 2 === 0), names: parts.filter((_, i) => i % 2 === 1) };
}

/**
 * What each name stands for in the line, at least one character and as few as can be; null where the line is another. A
 * name that stands several times stands for the same text each time.
 */
export function fillGaps({ literals, names }: NamedGaps, line: string): Record<string, string> | null {
  let left = MOST_TRIED;
  const fill = (literals: string[], names: string[]): Record<string, string> | null => {
    const texts = placeLiterals(literals, line);
    if (!texts) return null;
    const again = names.find((name, i) => texts[names.indexOf(name)] !== texts[i]);
    if (again === undefined) return Object.fromEntries(names.map((name, i) => [name, texts[i] ?? '']));
    for (const text of textsIn(line)) {
      if (left-- <= 0) return null;
      const found = fill(...written(literals, names, again, text));
      if (found) return { ...found, [again]: text };
    }
    return null;
  };
  return fill(literals, names);
}

/** The gaps with a text in the place of each of one name. */
function written(literals: string[], names: string[], name: string, text: string): [string[], string[]] {
  const joined = [literals[0] ?? ''];
  for (const [i, one] of names.entries()) {
    if (one === name) joined.push(`${joined.pop()}${text}${literals[i + 1]}`);
    else joined.push(literals[i + 1] ?? '');
  }
  return [joined, names.filter((one) => one !== name)];
}

/** Every text in a line, each from where it begins, the short ones first. */
function* textsIn(line: string): Generator<string> {
  for (let start = 0; start < line.length; start++)
    for (let end = start + 1; end <= line.length; end++) yield line.slice(start, end);
}

/** What stands between the literals, each of which is put as far to the left as it can be: where that fails, all does. */
function placeLiterals(literals: string[], line: string): string[] | null {
  const [first = '', last = ''] = [literals[0], literals.at(-1)];
  if (literals.length === 1) return line === first ? [] : null;
  const end = line.length - last.length;
  if (!line.startsWith(first) || !line.endsWith(last)) return null;
  const gaps: string[] = [];
  let from = first.length;
  for (const literal of literals.slice(1, -1)) {
    const at = line.indexOf(literal, from + characterAt(line, from));
    if (at < 0 || at > end) return null;
    gaps.push(line.slice(from, at));
    from = at + literal.length;
  }
  if (from >= end) return null;
  return [...gaps, line.slice(from, end)];
}

/** How many UTF-16 units the character takes. */
const characterAt = (line: string, at: number) => ((line.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
