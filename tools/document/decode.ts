import type { Place, Problem } from './problem.ts';
import { problems } from './problems.ts';

/** The text of a document with `\n` line ends and no byte-order mark, or why its bytes are no text. */
export type Decoded = { text: string } | { problem: Problem };

/** Reads UTF-8. Line numbers are those of the file: `\r\n` and a lone `\r` each end one line. */
export function decode(bytes: Uint8Array): Decoded {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  if (mark === 0xfffe || mark === 0xfeff) return { problem: problems.utf16({ line: 1, column: 1 }) };
  const decoded = decodeUtf8(bytes);
  if (decoded === null) {
    const bad = firstInvalidByte(bytes);
    const before = normalize(new TextDecoder().decode(bytes.subarray(0, bad)));
    const hex = (bytes[bad] ?? 0).toString(16).padStart(2, '0');
    return { problem: problems.notUtf8(endOf(before), hex) };
  }
  const text = normalize(decoded);
  const nul = text.indexOf('\0');
  if (nul >= 0) return { problem: problems.nul(endOf(text.slice(0, nul))) };
  return { text };
}

const normalize = (text: string) => text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');

function endOf(text: string): Place {
  const lines = text.split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/** Of bytes that are not UTF-8, the offset of the first character that is not well-formed, by halving. */
function firstInvalidByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decodeUtf8(bytes.subarray(0, middle), true) !== null) good = middle;
    else bad = middle;
  }
  const begun = [1, 2, 3].find((back) => (bytes[good - back] ?? 0) >= 0xc0);
  return begun && lengthOf(bytes[good - begun] ?? 0) > begun ? good - begun : good;
}

/** How many bytes a character has that begins with this one. */
const lengthOf = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2);

/** The text without its byte-order mark; null where the bytes are not UTF-8. */
function decodeUtf8(bytes: Uint8Array, mayEndInside = false): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: mayEndInside });
  } catch {
    return null;
  }
}
