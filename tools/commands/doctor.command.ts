import { Option } from 'commander';
import type { CommandDefinition } from './command.ts';

interface Options {
  install: boolean;
  rehearsal: boolean;
}

export const doctorCommand: CommandDefinition<[], Options> = {
  name: 'doctor',
  description: 'This command says what this machine has and lacks, and what each lack forbids.',
  arguments: [],
  options: [
    new Option('--install', 'The command first installs what this machine lacks.').default(false),
    new Option(
      '--rehearsal',
      'The command only installs what a rehearsal takes, and says nothing where all of it is there.',
    ).default(false),
  ],
  async action({ print, screen }, _, { install, rehearsal }) {
    const { doctor, installForRehearsal } = await import('./doctor.ts');
    return rehearsal ? installForRehearsal(print) : doctor(install, screen.style, print);
  },
};
