import { withAges } from '../journal/exported.ts';
import { gateAhead } from '../plan/gate.ts';
import { quote } from '../text/quote.ts';
import { calledOn } from './called-on.ts';
import { CommandError, EXIT } from './exit.ts';
import { type Beginning, describeHidden, type Said, whyOpen } from './resume.ts';

/**
 * Without a terminal all has to be said beforehand. Throws CommandError that lists what is not, and the command that
 * says it; `command` is what was typed, but for the options of `said`, and `where` what the run would destroy on.
 */
export function refuseUnsaid(
  beginning: Beginning,
  said: Said,
  environment: Record<string, string | undefined>,
  { command, where }: { command: string; where: string },
): void {
  const { open, changes, gates, hidden, plan, before, carried } = beginning;
  const shut = gates.filter(({ name }) => !said.allow.includes(name));
  const done = new Set(carried.map(({ name }) => name));
  const left = withAges(before.left);
  const unknown = hidden.filter(({ name }) => !environment[name]);
  const news = said.acceptChanges ? [] : changes;
  const lines = [
    ...open.map(
      (one) =>
        `  ${one.name} ${whyOpen(one)}: --again ${one.name} runs it again, --done ${one.name} takes it as done`,
    ),
    ...news.map((line) => `  ${line}: --accept-changes goes on with it`),
    ...shut.map(
      (step) => `  ${gateAhead(step, plan, done, where, left).text}: --allow ${step.name} lets it run`,
    ),
    ...unknown.map(
      (one) =>
        `  ${describeHidden(one, ` in run ${one.run}`)}, is a secret and stands in no journal: put it into the environment`,
    ),
  ];
  if (lines.length === 0) return;
  const options = [
    ...said.again.map((name) => `--again ${name}`),
    ...said.done.map((name) => `--done ${name}`),
    ...open.map(({ name }) => `--again ${name}`),
    ...(changes.length > 0 ? ['--accept-changes'] : []),
    ...[...said.allow, ...shut.map(({ name }) => name)].map((name) => `--allow ${name}`),
  ];
  const words = [...unknown.map(({ name }) => `${name}=…`), command, ...options];
  throw new CommandError(
    EXIT.refused,
    `there is no terminal to ask at, and nothing was run:\n${lines.join('\n')}\nSo for example: ${words.join(' ')}`,
  );
}

/** What a person types to run a procedure of a runbook on a host. */
export interface CommandLine {
  procedure: string;
  on: string;
  resume?: string | null;
  yes?: boolean;
  words?: string[];
  /** Why it may run without a rehearsal, where that was said. */
  unrehearsed?: string | undefined;
}

export function runCommandLine(
  path: string,
  { procedure, on, resume, yes, words = [], unrehearsed }: CommandLine,
): string {
  const said = [
    ...['run', procedure, '--on', on],
    ...(resume ? ['--resume', resume] : []),
    ...(yes ? ['--yes'] : []),
    ...words,
    ...(unrehearsed ? ['--unrehearsed', unrehearsed] : []),
  ];
  return [calledOn(path), ...said.map(quote)].join(' ');
}
