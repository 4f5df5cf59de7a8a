import type { Source } from './source.ts';
import type { Node, NodeOf } from './syntax.ts';

/** Stands in an argument's value for what is only known once it has been expanded. */
export const UNKNOWN = '\0';

/** A word of a command, as the program gets it. */
export interface Argument {
  /** Without quotes; UNKNOWN for each expansion. */
  value: string;
  /** As it is written. */
  text: string;
  /** Where it begins in the block, in UTF-16 units. */
  offset: number;
  /** It may become any number of words: `$OPTIONS`, `"$@"`, `"${options[@]}"`. */
  many: boolean;
  /** The variable that all of it is, without its `$`; null where it is something else. */
  variable: string | null;
  node: NodeOf<'Word'>;
}

export function argumentOf(node: NodeOf<'Word'>, source: Source): Argument {
  const text = source.text.slice(node.pos, node.end);
  const variable = /^"?\$\{?(\w+|[@*])(?:\[[@*]\])?\}?"?$/.exec(text)?.[1] ?? null;
  return {
    value: node.parts ? node.parts.map(valueOfPart).join('') : node.value,
    text,
    offset: source.at(node.pos),
    many: variable !== null && (!text.startsWith('"') || /[@*]/.test(text)),
    variable,
    node,
  };
}

function valueOfPart(part: Node): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return part.text;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map(valueOfPart).join('');
    default:
      return UNKNOWN;
  }
}
