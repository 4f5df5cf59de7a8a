import { Option } from 'commander';
import { type CommandDefinition, procedureArgument } from './command.ts';
import type { PlanOptions } from './plan.ts';

export const planCommand: CommandDefinition<[procedure?: string], Omit<PlanOptions, 'procedure'>> = {
  name: 'plan',
  description: 'This command shows what would run, where, with budgets and effects, and runs nothing.',
  arguments: [procedureArgument()],
  options: [
    new Option(
      '--on <host>',
      'This is where it would run: a fresh replica, or a host of the front matter, which is asked what it is.',
    ).default('replica'),
  ],
  async action({ runbook, print }, [procedure = null], options) {
    const { plan } = await import('./plan.ts');
    return plan(runbook, { ...options, procedure }, print);
  },
};
