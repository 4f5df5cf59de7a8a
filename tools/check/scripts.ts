import type { ShellBlock } from '../document/document.ts';
import type { Place } from '../document/problem.ts';
import { readSession, type Session } from '../shell/prompts.ts';
import { type Call, readScript, type Script } from '../shell/script.ts';
import { placesIn } from '../text/place.ts';

/** The code of a shell block, as all rules see it. */
export interface BlockScript {
  block: ShellBlock;
  /** Of the commands alone, where it was copied from a terminal. */
  script: Script;
  session: Session | null;
  /** Where a character of the block is in the document. */
  place(offset: number): Place;
  /** Its commands, in the order of the text; none twice that a function stands for. */
  calls: { call: Call; at: Place }[];
}

/** Reads the code of a shell block. */
export function scriptOf(block: ShellBlock): BlockScript {
  const session = readSession(block.text);
  const script = readScript(session?.commands ?? block.text);
  const place = placesIn(block.text, block.body);
  const calls = script.calls
    .filter(({ byFunction }) => !byFunction)
    .map((call) => ({ call, at: place(call.offset) }));
  return { block, session, script, place, calls };
}

/** Whether one of these programs gets the words of a call, from it or from what runs it: `sed` of `sudo sed …`. */
export const isGivenTo = (programs: RegExp, { calls }: Script): ((call: Call) => boolean) => {
  const commands = new Set(
    calls.filter(({ program }) => program !== null && programs.test(program)).map(({ command }) => command),
  );
  return ({ command }) => commands.has(command);
};
