import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';
import { placeOf, shellLines } from '../shell-text.ts';

/** Nothing is asked of a service that the lines above have stopped. */
export const stopped: Rule = {
  name: 'stopped-service',
  check(document, report) {
    let stopped: { line: number; section: string } | null = null;
    for (const line of shellLines(document)) {
      const [, verb = '', rest = ''] =
        /\bdocker\s+compose\s+(stop|down|up|start|restart|exec)\b([^|;&<>]*)/.exec(line.text) ?? [];
      const { path } = line.block.section;
      if (stopped && stopped.section !== path) stopped = null;
      const services = rest.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'));
      if (verb === 'stop' || verb === 'down')
        stopped = services.length === 0 ? { line: line.line, section: path } : stopped;
      else if (verb === 'exec' && stopped) {
        const at = placeOf(line, line.text.indexOf('docker'));
        report(problems.stoppedService(at, String(stopped.line)));
      } else if (verb !== '') stopped = null;
    }
  },
};
