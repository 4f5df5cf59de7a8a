import { Argument } from 'commander';
import type { CommandDefinition } from './command.ts';
import { EXIT } from './exit.ts';
import { COMPLETED_SHELLS, type CompletedShell } from './formats.ts';

/** The command that completes the words of all `commands`, itself among them. */
export const completionCommand = (
  commands: () => readonly CommandDefinition[],
): CommandDefinition<[shell: string, words: string]> => ({
  name: 'completion',
  description: 'This command prints what makes a shell complete the words of this one, for its startup file.',
  arguments: [
    new Argument(
      '<shell>',
      'This is bash, zsh or fish; or `words`, for what the words behind it can go on with.',
    ).choices([...COMPLETED_SHELLS, 'words']),
    new Argument('[words...]', 'The words so far are these, the last of which may be empty.'),
  ],
  options: [],
  async action({ runbook, print }, [shell, words]) {
    const { candidates, scriptFor } = await import('./completion.ts');
    // Commander gives the rest of the words as one list.
    const given = [words ?? []].flat();
    if (shell === 'words') for (const one of await candidates(given, runbook, commands())) print(one);
    else for (const line of scriptFor(shell as CompletedShell)) print(line);
    return EXIT.passed;
  },
});
