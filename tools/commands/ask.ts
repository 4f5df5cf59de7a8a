import { confirm as confirmPrompt, isCancel } from '@clack/prompts';
import type { ChecklistItem } from '../document/document.ts';
import type { Answer } from '../journal/event.ts';
import { printable } from '../report/style.ts';
import { CommandError, EXIT } from './exit.ts';
import { keyboard } from './keyboard.ts';

/** The person at the terminal, for as long as there is one. */
export interface Person {
  /** Whether one was there to begin with. */
  terminal: boolean;
  /** Aborted when the terminal is closed. */
  left: AbortSignal;
  /** Aborted when the person interrupts. */
  interrupted: AbortSignal;
  /** Ctrl-C at a question is a key, and no signal. */
  interrupt(): void;
}

/** Asks the person at the terminal whether a checklist item holds. */
export async function ask({ text }: ChecklistItem, person: Person): Promise<Answer> {
  const answer = await question(printable(text), person);
  if (answer === null) return 'none';
  return answer ? 'yes' : 'no';
}

/** Asks once before a real run. Throws CommandError where the answer is no, or nobody is there to give it. */
export async function confirm(message: string, person: Person): Promise<void> {
  if (!person.terminal)
    throw new CommandError(
      EXIT.refused,
      'there is no terminal to ask at: say --yes if the answer to every question is yes',
    );
  if (!(await question(message, person))) throw new CommandError(EXIT.interrupted, 'nothing was run');
}

/** Null where there was no answer. */
async function question(message: string, person: Person): Promise<boolean | null> {
  const unanswered = new AbortController();
  const giveUp = () => unanswered.abort();
  const signals = [person.left, person.interrupted];
  for (const signal of signals) signal.addEventListener('abort', giveUp);
  if (signals.some(({ aborted }) => aborted)) giveUp();
  const { input, release } = keyboard(process.stdin);
  const answer = await confirmPrompt({ message, initialValue: false, input, signal: unanswered.signal });
  release();
  for (const signal of signals) signal.removeEventListener('abort', giveUp);
  if (!isCancel(answer)) return answer;
  if (!unanswered.signal.aborted) person.interrupt();
  return null;
}
