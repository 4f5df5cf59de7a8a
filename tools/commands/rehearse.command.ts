import { Option } from 'commander';
import {
  type CommandDefinition,
  dataOption,
  majorVersion,
  procedureArgument,
  replicaOption,
} from './command.ts';
import type { RehearseOptions } from './rehearse.ts';
import { person } from './signals.ts';

type Options = Omit<RehearseOptions, 'procedure'> & { install: boolean };

/** What asks for all of the page. */
const WHOLE = ['all', 'watch', 'update'];

export const rehearseCommand: CommandDefinition<[procedure?: string], Options> = {
  name: 'rehearse',
  description:
    'This command brings a replica up, seeds it, runs the procedure, judges it, and takes the replica down.',
  arguments: [procedureArgument()],
  options: [
    replicaOption('This says which replica to rehearse on.'),
    dataOption(),
    new Option(
      '--postgres <major>',
      'The server is of this major version, whatever the stack says; it vouches for no run.',
    ).argParser(majorVersion),
    new Option(
      '--through <way>',
      'The rehearsal reaches a Docker replica as a run reaches the real host.',
    ).choices(['ssh']),
    new Option('--all', 'The rehearsal runs every procedure, not only the main one.').default(false),
    new Option('--keep', 'The rehearsal leaves the replica running.').default(false),
    new Option(
      '--on <id>',
      'The rehearsal takes a replica that --keep left: it neither starts nor seeds it, and it leaves it there.',
    ).conflicts(['replica', 'data', 'postgres', 'through', 'all', 'keep']),
    new Option(
      '--update',
      'The expectations that differ after a complete run are rewritten, once the person has seen how.',
    ).default(false),
    new Option(
      '--watch',
      'The replica stays up, and each change of the document is judged, until it is interrupted.',
    )
      .default(false)
      .conflicts(['keep', 'on', 'update']),
    new Option('--step', 'The person is asked before each block.')
      .default(false)
      .conflicts(['watch', 'update']),
    new Option(
      '--from <block>',
      'The rehearsal begins with this block: what comes before is not run, and it vouches for no run.',
    ).conflicts([...WHOLE, 'only']),
    new Option('--until <block>', 'The rehearsal ends with this block, and vouches for no run.').conflicts([
      ...WHOLE,
      'only',
    ]),
    new Option(
      '--only <block...>',
      'The rehearsal runs these blocks and no other, and vouches for no run.',
    ).conflicts(WHOLE),
    new Option('--verbose', 'The output of blocks that passed is printed, too.').default(false),
    new Option('--yes', 'The answer to the question of --update is yes.').default(false),
    new Option('--install', 'The rehearsal first installs what this machine lacks.').default(false),
  ],
  async action({ runbook, print, screen }, [procedure = null], { install, ...options }) {
    const { rehearse } = await import('./rehearse.ts');
    const { installForRehearsal } = await import('./doctor.ts');
    if (install) await installForRehearsal(print);
    return rehearse(runbook, { ...options, procedure }, screen, person());
  },
};
