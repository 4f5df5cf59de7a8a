import type { Document } from '../document/document.ts';
import { askForSecret, askForText, confirm, nothingRun, type Person } from './ask.ts';
import { type Beginning, describeHidden, makeBeginning, type Said, whyOpen } from './resume.ts';

/**
 * Asks the person at the terminal what has not been said beforehand: whether to go on although things changed, what to
 * do about each block that may not simply run again, and secrets that no journal holds. Gives what the run begins with,
 * and the secrets. Throws CommandError where the person stops it.
 */
export async function decide(
  beginning: Beginning,
  said: Said,
  document: Document,
  person: Person,
): Promise<{ beginning: Beginning; secrets: Record<string, string> }> {
  const { plan, before, changes, open, hidden } = beginning;
  if (changes.length > 0 && !said.acceptChanges)
    await confirm(`${changes.join('\n')}\nGo on with ${plan.procedure} all the same?`, person);
  const words = { ...said, again: [...said.again], done: [...said.done] };
  for (const one of open) {
    const { name } = one;
    const message = `${name} ${whyOpen(one)}\nType ${name} to run it again, done to take it as done, anything else to stop`;
    const typed = await askForText(message, person);
    // A block may be called `done`, too: then its name is what it says first.
    if (typed === name) words.again.push(name);
    else if (typed === 'done') words.done.push(name);
    else throw nothingRun();
  }
  const secrets: Record<string, string> = {};
  for (const one of hidden) {
    // What the last tool had from its environment, this one may have, too.
    if (one.block === null && process.env[one.name]) continue;
    const typed = await askForSecret(describeHidden(one), person);
    if (!typed) throw nothingRun();
    secrets[one.name] = typed;
  }
  return { beginning: makeBeginning(plan, before, document, words), secrets };
}
