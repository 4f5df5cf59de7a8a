import { quote } from '../text/quote.ts';
import { CommandError, EXIT } from './exit.ts';
import { type Beginning, type Said, whyOpen } from './resume.ts';

/**
 * Without a terminal all has to be said beforehand. Throws CommandError that lists what is not, and the command that
 * says it; `command` is what was typed, but for the options of `said`.
 */
export function refuseUnsaid(
  beginning: Beginning,
  said: Said,
  environment: Record<string, string | undefined>,
  command: string,
): void {
  const { open, changes, gates, hidden } = beginning;
  const shut = gates.filter((name) => !said.allow.includes(name));
  const unknown = hidden.filter(({ name }) => !environment[name]);
  const news = said.acceptChanges ? [] : changes;
  const lines = [
    ...open.map(
      (one) =>
        `  ${one.name} ${whyOpen(one)}: --again ${one.name} runs it again, --done ${one.name} takes it as done`,
    ),
    ...news.map((line) => `  ${line}: --accept-changes goes on with it`),
    ...shut.map((name) => `  ${name} destroys: --allow ${name} lets it run`),
    ...unknown.map(
      ({ name, block, run, users }) =>
        `  ${name}, which ${block} left in run ${run} and ${users.join(', ')} uses, is a secret and stands in no ` +
        'journal: put it into the environment',
    ),
  ];
  if (lines.length === 0) return;
  const options = [
    ...said.again.map((name) => `--again ${name}`),
    ...said.done.map((name) => `--done ${name}`),
    ...open.map(({ name }) => `--again ${name}`),
    ...(changes.length > 0 ? ['--accept-changes'] : []),
    ...[...said.allow, ...shut].map((name) => `--allow ${name}`),
  ];
  const words = [...unknown.map(({ name }) => `${name}=…`), command, ...options];
  throw new CommandError(
    EXIT.refused,
    `there is no terminal to ask at, and nothing was run:\n${lines.join('\n')}\nSo for example: ${words.join(' ')}`,
  );
}

/** The command that runs a procedure of a runbook on a host, as a person types it. */
export function runCommandLine(
  path: string,
  { procedure, on, resume, yes }: { procedure: string; on: string; resume?: string | null; yes?: boolean },
): string {
  const runbook = path === 'runbook.md' ? [] : ['--runbook', quote(path)];
  return [
    ...['npm run -s runbook --', ...runbook, 'run', procedure, '--on', on],
    ...(resume ? ['--resume', resume] : []),
    ...(yes ? ['--yes'] : []),
  ].join(' ');
}
