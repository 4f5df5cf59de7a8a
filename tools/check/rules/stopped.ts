import { problems } from '../../document/problems.ts';
import { containerOptions, dockerCommand } from '../../shell/runners.ts';
import type { Rule } from '../rule.ts';

/** Nothing is asked of a service that the lines above have stopped. */
export const stopped: Rule = {
  name: 'stopped-service',
  scripts(report) {
    let stopped: { line: number; section: string } | null = null;
    return ({ block, calls }) => {
      for (const { call, at } of calls) {
        const told = /^docker(-compose)?$/.test(call.program ?? '')
          ? dockerCommand(call.program ?? '', call.args)
          : null;
        if (!told?.compose) continue;
        const { path } = block.section;
        if (stopped && stopped.section !== path) stopped = null;
        if (told.verb === 'stop' || told.verb === 'down') {
          const all = containerOptions(told).operands.length === 0;
          stopped = all ? { line: at.line, section: path } : stopped;
        } else if (told.verb === 'exec' && stopped) report(problems.stoppedService(at, String(stopped.line)));
        else if (['up', 'start', 'restart', 'exec'].includes(told.verb)) stopped = null;
      }
    };
  },
};
