import { checkDocument } from '../check/check.ts';
import { mend } from '../check/mend.ts';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import { sourceOf } from '../outcome/source.ts';
import { applyEdits, showEdits } from '../text/edit.ts';
import { confirmed } from './ask.ts';
import { readWithBytes } from './read.ts';
import type { Asking } from './update.ts';
import { writeDocument } from './write.ts';

/**
 * Mends, in a document, what has one right remedy: it shows how, and asks. Throws CommandError where there is no such file, or it has been changed since.
 */
export async function fixDocument(
  path: string,
  { yes, person }: Asking,
  say: (line: string) => void,
): Promise<void> {
  const { document, bytes } = await readWithBytes(path);
  if (checkDocument(document).some(({ rule }) => rule === 'encoding')) return;
  const source = sourceOf(bytes).text;
  const edits = mend(source, (text) =>
    checkDocument(parseDocument(path, new TextEncoder().encode(text), HOST_KINDS)),
  );
  if (edits.length === 0) return;
  for (const line of showEdits(path, source, edits)) say(line);
  if (!yes && !(await confirmed(`Mend ${path} so?`, person))) return say('nothing was written');
  await writeDocument(document, applyEdits(source, edits));
}
