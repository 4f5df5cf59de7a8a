import { checkDocument } from '../check/check.ts';
import { fixesOf } from '../check/fixes.ts';
import { parseDocument } from '../document/parse.ts';
import { HOST_KINDS } from '../host-kinds.ts';
import { sourceOf } from '../outcome/source.ts';
import { applyEdits, type Edit, showEdits } from '../text/edit.ts';
import { confirmed } from './ask.ts';
import { readWithBytes } from './read.ts';
import type { Asking } from './update.ts';
import { writeDocument } from './write.ts';

/**
 * Mends, in a document, what has one right remedy: it shows how, and asks. A remedy after which there are as many problems
 * as before is none. Throws CommandError where there is no such file, or it has been changed since.
 */
export async function fixDocument(
  path: string,
  { yes, person }: Asking,
  say: (line: string) => void,
): Promise<void> {
  const { document, bytes } = await readWithBytes(path);
  const problems = checkDocument(document);
  if (problems.some(({ rule }) => rule === 'encoding')) return;
  const source = sourceOf(bytes).text;
  const countAfter = (edits: Edit[]) =>
    checkDocument(parseDocument(path, new TextEncoder().encode(applyEdits(source, edits)), HOST_KINDS))
      .length;
  const edits: Edit[] = [];
  let left = problems.length;
  for (const { edit } of fixesOf(source, problems)) {
    if (edits.some(({ start, end }) => edit.start < end && start < edit.end)) continue;
    const now = countAfter([...edits, edit]);
    if (now >= left) continue;
    edits.push(edit);
    left = now;
  }
  if (edits.length === 0) return;
  for (const line of showEdits(path, source, edits)) say(line);
  if (!yes && !(await confirmed(`Mend ${path} so?`, person))) return say('nothing was written');
  await writeDocument(document, applyEdits(source, edits));
}
