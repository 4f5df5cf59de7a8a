import { dirname } from 'node:path';
import { Argument } from 'commander';
import { homeIn } from '../text/home.ts';
import type { CommandDefinition } from './command.ts';

export const downCommand: CommandDefinition<[id?: string]> = {
  name: 'down',
  description: 'This command removes a replica that --keep left, or lists those that are there.',
  arguments: [
    new Argument('[replica]', 'This is the id of the replica to remove; without it, they are listed.'),
  ],
  options: [],
  async action({ runbook, print, tell }, [id = null]) {
    const { down } = await import('./down.ts');
    return down(homeIn(dirname(runbook)), id, print, tell);
  },
};
