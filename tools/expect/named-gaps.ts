import { RE2JS } from 're2js';

/** A line with names in it: what stands between the names, and the names, each where it stands. */
export interface NamedGaps {
  /** One more than there are names: the texts before, between and behind them. */
  literals: string[];
  names: Name[];
}

/** `words`: it stands for more than one word, with blanks between them. */
export interface Name {
  name: string;
  words: boolean;
}

/**
 * What a name captures: a word, or words, without blanks at their edges. A word only, unless the author asks for more:
 * `Backup of <name>` must not take `Backup of / failed` for the backup of `/ failed`.
 */
const CAPTURED = { word: '(\\S+?)', words: '(\\S(?:.*?\\S)??)' };

/** A name that stands twice in a line is tried with so many texts: enough for lines of 150 characters. */
const MOST_TRIED = 10_000;

/** Where `<name>`s and `<name...>`s stand in a text; null where there are none. */
export function namedGaps(text: string): NamedGaps | null {
  const parts = text.split(/<([a-z_]\w*(?:\.\.\.)?)>/i);
  if (parts.length === 1) return null;
  return {
    literals: parts.filter((_, i) => i % 2 === 0),
    names: parts
      .filter((_, i) => i % 2 === 1)
      .map((name) => ({ name: name.replace('...', ''), words: name.endsWith('...') })),
  };
}

/**
 * What each name stands for in a line, as little as can be; null where the line is another. A name that stands several
 * times stands for the same text each time.
 */
export function gapFiller(gaps: NamedGaps): (line: string) => Record<string, string> | null {
  const fill = fillerOfEach(gaps);
  return (line) => {
    const texts = fill(line);
    if (!texts) return null;
    let left = MOST_TRIED;
    const again = (one: NamedGaps, found: string[]): Record<string, string> | null => {
      const other = one.names.find(({ name }, i) => found[indexOf(one, name)] !== found[i]);
      if (!other) return Object.fromEntries(one.names.map(({ name }, i) => [name, found[i] ?? '']));
      const times = one.names.filter(({ name }) => name === other.name).length;
      for (const text of textsIn(line)) {
        if (left-- <= 0) return null;
        if ((!other.words && /\s/.test(text)) || text.trim() !== text || !stands(line, text, times)) continue;
        const rest = written(one, other.name, text);
        const texts = fillerOfEach(rest)(line);
        const all = texts && again(rest, texts);
        if (all) return { ...all, [other.name]: text };
      }
      return null;
    };
    return again(gaps, texts);
  };
}

const indexOf = ({ names }: NamedGaps, name: string) => names.findIndex((one) => one.name === name);

/** What stands in each gap, whatever its name: in time in proportion to the line. */
function fillerOfEach({ literals, names }: NamedGaps): (line: string) => string[] | null {
  const [first = '', ...others] = literals.map(RE2JS.quote);
  const rest = names.map(({ words }, i) => `${words ? CAPTURED.words : CAPTURED.word}${others[i]}`);
  const regex = RE2JS.compile([first, ...rest].join(''), RE2JS.DOTALL);
  return (line) => {
    const matcher = regex.matcher(line);
    return matcher.matches() ? names.map((_, i) => matcher.group(i + 1) ?? '') : null;
  };
}

/** The gaps with a text in the place of each of one name. */
function written({ literals, names }: NamedGaps, name: string, text: string): NamedGaps {
  const joined = [literals[0] ?? ''];
  for (const [i, one] of names.entries()) {
    if (one.name === name) joined.push(`${joined.pop()}${text}${literals[i + 1]}`);
    else joined.push(literals[i + 1] ?? '');
  }
  return { literals: joined, names: names.filter((one) => one.name !== name) };
}

const stands = (line: string, text: string, times: number) => line.split(text).length > times;

/** Every text in a line, each from where it begins, the short ones first. */
function* textsIn(line: string): Generator<string> {
  for (let start = 0; start < line.length; start++)
    for (let end = start + 1; end <= line.length; end++) yield line.slice(start, end);
}
