import { Option } from 'commander';
import { type CommandDefinition, procedureArgument } from './command.ts';
import type { PlanOptions } from './plan.ts';

export const planCommand: CommandDefinition<[procedure?: string], Omit<PlanOptions, 'procedure'>> = {
  name: 'plan',
  description: 'This command shows what would run, where, with budgets and effects, and runs nothing.',
  arguments: [procedureArgument()],
  options: [
    new Option('--on <target>', 'This says where it would run.')
      .choices(['replica', 'nas'])
      .default('replica'),
  ],
  async action({ runbook, print }, [procedure = null], options) {
    const { plan } = await import('./plan.ts');
    return plan(runbook, { ...options, procedure }, print);
  },
};
