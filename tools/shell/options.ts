import type { Argument } from './argument.ts';

/** How a program writes its options. */
export interface OptionGrammar {
  /** The letters of short options that take a value. */
  valued?: string;
  /** Long options, without dashes, that take the next word as their value. */
  long?: readonly string[];
  /** Long options that take none, where all others do. */
  longFlags?: readonly string[];
  /** What stands behind the first operand is no option of this program. */
  stops?: boolean;
}

export interface Option {
  /** `-f` or `--file`. */
  name: string;
  /** Null where it has none. */
  value: string | null;
  /** The word that its value, or else its name, stands in. */
  at: Argument;
}

export interface Options {
  options: Option[];
  operands: Argument[];
}

/** Reads a program's words as its options and operands. `--` ends the options. */
export function readOptions(args: readonly Argument[], grammar: OptionGrammar): Options {
  const found: Options = { options: [], operands: [] };
  for (let i = 0; i < args.length; i++) {
    const at = args[i];
    if (!at) break;
    const { value } = at;
    if (value === '--') {
      found.operands = found.operands.concat(args.slice(i + 1));
      break;
    }
    if (!value.startsWith('-') || value === '-') {
      if (grammar.stops) {
        found.operands = found.operands.concat(args.slice(i));
        break;
      }
      found.operands.push(at);
      continue;
    }
    const taken = value.startsWith('--') ? longOption(args, i, grammar) : shortOptions(args, i, grammar);
    for (const option of taken.options) found.options.push(option);
    i += taken.more;
  }
  return found;
}

interface Taken {
  options: Option[];
  /** How many words behind it belong to it. */
  more: number;
}

function longOption(args: readonly Argument[], i: number, { long, longFlags }: OptionGrammar): Taken {
  const at = args[i] as Argument;
  const [name = '', ...rest] = at.value.split('=');
  if (rest.length > 0) return { options: [{ name, value: rest.join('='), at }], more: 0 };
  const key = name.slice(2);
  const next = args[i + 1];
  const takes = long?.includes(key) || (longFlags !== undefined && !longFlags.includes(key));
  if (!takes || !next) return { options: [{ name, value: null, at }], more: 0 };
  return { options: [{ name, value: next.value, at: next }], more: 1 };
}

function shortOptions(args: readonly Argument[], i: number, { valued = '' }: OptionGrammar): Taken {
  const at = args[i] as Argument;
  const options: Option[] = [];
  for (let j = 1; j < at.value.length; j++) {
    const letter = at.value[j] ?? '';
    if (!valued.includes(letter)) {
      options.push({ name: `-${letter}`, value: null, at });
      continue;
    }
    const attached = at.value.slice(j + 1);
    const next = args[i + 1];
    if (attached !== '') options.push({ name: `-${letter}`, value: attached, at });
    else options.push({ name: `-${letter}`, value: next?.value ?? null, at: next ?? at });
    return { options, more: attached === '' && next ? 1 : 0 };
  }
  return { options, more: 0 };
}

/** Whether one of the options is there, by any of its names. */
export const hasOption = ({ options }: Options, ...names: string[]): boolean =>
  options.some(({ name }) => names.includes(name));
