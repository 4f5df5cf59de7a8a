import type { Block, Document, ShellBlock } from '../document/document.ts';
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
}

/** What many rules ask of a document is found once. */
function once<Found>(find: (document: Document) => Found): (document: Document) => Found {
  const found = new WeakMap<Document, { value: Found }>();
  return (document) => {
    const one = found.get(document) ?? { value: find(document) };
    found.set(document, one);
    return one.value;
  };
}

/** The code of all shell blocks, in the order of the text. */
export const scriptsOf = once((document): BlockScript[] => document.blocks.filter(isShell).map(scriptOf));

/** A command of a block, with its place. */
export interface PlacedCall extends BlockScript {
  call: Call;
  at: Place;
}

/** The commands of all shell blocks, in the order of the text; none twice that a function stands for. */
export const callsOf = once((document): PlacedCall[] =>
  scriptsOf(document).flatMap(({ block, script, session, place }) =>
    script.calls
      .filter(({ byFunction }) => !byFunction)
      .map((call) => ({ block, script, session, place, call, at: place(call.offset) })),
  ),
);

const isShell = (block: Block): block is ShellBlock => block.language !== 'sql';

function scriptOf(block: ShellBlock): BlockScript {
  const session = readSession(block.text);
  return {
    block,
    session,
    script: readScript(session?.commands ?? block.text),
    place: placesIn(block.text, block.body),
  };
}

/** Whether one of these programs gets the words of a call, from it or from what runs it: `sed` of `sudo sed …`. */
export const isGivenTo = (programs: RegExp, { calls }: Script): ((call: Call) => boolean) => {
  const commands = new Set(
    calls.filter(({ program }) => program !== null && programs.test(program)).map(({ command }) => command),
  );
  return ({ command }) => commands.has(command);
};
