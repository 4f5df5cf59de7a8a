import { type LineSpan, lineSpans } from '../text/edit.ts';

/** A file's text as it is, with its byte-order mark and line ends. */
export interface Source {
  text: string;
  lines: LineSpan[];
}

export const sourceOf = (bytes: Uint8Array): Source => {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { text, lines: lineSpans(text) };
};
