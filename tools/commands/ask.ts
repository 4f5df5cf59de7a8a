import {
  confirm as confirmPrompt,
  isCancel,
  password as passwordPrompt,
  selectKey,
  text as textPrompt,
} from '@clack/prompts';
import type { ChecklistItem } from '../document/document.ts';
import type { Answer } from '../journal/event.ts';
import type { Gate } from '../plan/gate.ts';
import type { BlockStep } from '../plan/plan.ts';
import { printable } from '../report/style.ts';
import { CommandError, EXIT } from './exit.ts';
import { type Keyboard, keyboard } from './keyboard.ts';

/** Another place than the terminal where a person is asked. Null is no answer. */
export interface Asking {
  yesOrNo(message: string): Promise<boolean | null>;
  text(message: string): Promise<string | null>;
  /** What is typed is shown to nobody. */
  secret(message: string): Promise<string | null>;
}

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
  /** Asks in the terminal's place. */
  asking?: Asking;
}

/** Asks the person at the terminal whether a checklist item holds. */
export async function ask({ text }: ChecklistItem, person: Person): Promise<Answer> {
  const answer = await question(printable(text), person);
  if (answer === null) return 'none';
  return answer ? 'yes' : 'no';
}

/** Asks for the name of a block that destroys, in full: nothing else lets it run. */
export async function askAtGate({ name, text }: Gate, person: Person): Promise<Answer> {
  const typed = await askForText(`${text}\nType ${name} to let it run, anything else to stop`, person);
  if (typed === null) return 'none';
  return typed === name ? 'yes' : 'no';
}

/** Asks before a step whether it is to run: `no` leaves it out with all that comes after it. */
export async function askBeforeBlock({ name, block }: BlockStep, person: Person): Promise<Answer> {
  const message = printable(`Run ${name} (line ${block.line}, on ${block.on}, ${block.effect})?`);
  const options = [
    { value: 'y', label: 'yes' },
    { value: 's', label: 'skip it and the rest, and come to the end' },
    { value: 'q', label: 'quit, as Ctrl-C does' },
  ];
  const key = await prompt<string>((keys) => selectKey({ message, options, ...keys }), person);
  if (key === 'q') person.interrupt();
  if (key === null || key === 'q') return 'none';
  return key === 'y' ? 'yes' : 'no';
}

/** Asks once before a real run. Throws CommandError where the answer is no, or nobody is there to give it. */
export async function confirm(message: string, person: Person): Promise<void> {
  if (!person.terminal)
    throw new CommandError(
      EXIT.refused,
      'there is no terminal to ask at: say --yes if the answer to every question is yes',
    );
  if (!(await question(message, person))) throw nothingRun();
}

/** Whether the person says yes; where nobody is there to be asked, nobody does. */
export const confirmed = async (message: string, person: Person): Promise<boolean> =>
  person.terminal && (await question(message, person)) === true;

/** What a command ends with that the person stopped before it ran anything. */
export const nothingRun = () => new CommandError(EXIT.interrupted, 'nothing was run');

/** A line that the person types; null where there was no answer. */
export const askForText = (message: string, person: Person): Promise<string | null> =>
  person.asking?.text(printable(message)) ??
  prompt<string>((keys) => textPrompt({ message: printable(message), ...keys }), person);

/** A line that the person types and nobody sees; null where there was no answer. */
export const askForSecret = (message: string, person: Person): Promise<string | null> =>
  person.asking?.secret(printable(message)) ??
  prompt<string>((keys) => passwordPrompt({ message: printable(message), mask: ' ', ...keys }), person);

/** Null where there was no answer. */
const question = (message: string, person: Person): Promise<boolean | null> =>
  person.asking?.yesOrNo(message) ??
  prompt<boolean>((keys) => confirmPrompt({ message, initialValue: false, ...keys }), person);

type Keys = { input: Keyboard['input']; signal: AbortSignal };

/** What a prompt gives; null where the person interrupts, or has closed the terminal. */
async function prompt<T>(show: (keys: Keys) => Promise<T | symbol>, person: Person): Promise<T | null> {
  const unanswered = new AbortController();
  const giveUp = () => unanswered.abort();
  const signals = [person.left, person.interrupted];
  for (const signal of signals) signal.addEventListener('abort', giveUp);
  if (signals.some(({ aborted }) => aborted)) giveUp();
  // A terminal that knows no width says 0, and each letter of the question would stand on a line of its own.
  if (process.stdout.columns === 0) process.stdout.columns = 80;
  const { input, release } = keyboard(process.stdin);
  const answer = await show({ input, signal: unanswered.signal });
  release();
  for (const signal of signals) signal.removeEventListener('abort', giveUp);
  if (!isCancel(answer)) return answer as T;
  if (!unanswered.signal.aborted) person.interrupt();
  return null;
}
