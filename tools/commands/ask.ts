import { confirm as confirmPrompt, isCancel } from '@clack/prompts';
import type { ChecklistItem } from '../document/document.ts';
import { printable } from '../report/style.ts';
import { CommandError, EXIT } from './exit.ts';

/** Asks the person at the terminal whether a checklist item holds. */
export async function ask({ text }: ChecklistItem): Promise<'yes' | 'no'> {
  return (await confirmPrompt({ message: printable(text), initialValue: false })) === true ? 'yes' : 'no';
}

/** Asks once before a real run. Throws CommandError where the answer is no, or nobody is there to give it. */
export async function confirm(message: string, terminal: boolean): Promise<void> {
  if (!terminal)
    throw new CommandError(
      EXIT.refused,
      'there is no terminal to ask at: say --yes if the answer to every question is yes',
    );
  const answer = await confirmPrompt({ message, initialValue: false });
  if (isCancel(answer) || !answer) throw new CommandError(EXIT.interrupted, 'nothing was run');
}
