/** A piece of code that somebody has to replace before it means anything. */
export interface FillIn {
  text: string;
  /** Where it begins, in UTF-16 units. */
  index: number;
}

/** `<pod-name>` outside of quotes: bash would read a file of that name. `sort <in >out` has a blank before the `>`. */
const ANGLE = /<(?:your[-_ ][\w ./-]*|[A-Za-z][\w.-]*(?: [A-Za-z][\w.-]*)*)>(?=$|[\s:/."'@,)|;-])/g;

/** `<YOUR TOKEN>`, in quotes too, where a tag of HTML would be in small letters. */
const CAPITALS = /<(?:your[-_ ][\w ./-]*|[A-Z][A-Z0-9_ -]+)>/g;

/** The fill-ins of code: `quoted` where they stand in quotes, and what is in small letters may be meant. */
export const fillIns = (code: string, quoted = false): FillIn[] =>
  [...code.matchAll(quoted ? CAPITALS : ANGLE)].map(({ 0: text, index }) => ({ text, index }));
