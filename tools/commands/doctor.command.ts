import { Option } from 'commander';
import { type CommandDefinition, majorVersion } from './command.ts';
import { person } from './signals.ts';

interface Options {
  on?: string;
  install: boolean;
  rehearsal: boolean;
  postgres?: string;
}

export const doctorCommand: CommandDefinition<[], Options> = {
  name: 'doctor',
  description: 'This command says what this machine has and lacks, and what each lack forbids.',
  arguments: [],
  options: [
    new Option(
      '--on <host>',
      'The command also asks this host of the front matter what a run of main would take.',
    ),
    new Option('--install', 'The command first installs what this machine lacks.').default(false),
    new Option(
      '--postgres <major>',
      'The command also looks for this major version of PostgreSQL, for embedded replicas.',
    ).argParser(majorVersion),
    new Option(
      '--rehearsal',
      'The command only installs what a rehearsal takes, and says nothing where all of it is there.',
    ).default(false),
  ],
  async action({ runbook, print, screen }, _, { on, install, rehearsal, postgres }) {
    const { doctor, installForRehearsal } = await import('./doctor.ts');
    if (rehearsal) return installForRehearsal(print);
    const status = await doctor({ runbook, postgres }, install, screen.style, print);
    if (on === undefined) return status;
    const { doctorOn } = await import('./doctor-on.ts');
    return doctorOn(runbook, on, { style: screen.style, print, signal: person().interrupted });
  },
};
