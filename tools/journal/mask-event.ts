import type { BlockFacts, BlockFinished, Event } from './event.ts';
import type { Secrets } from './secrets.ts';

/**
 * An event without secrets. The tool's own words and the names that the document gives stay: a password may be spelled
 * like one of them, and a run is resumed and reported by them.
 */
export function maskEvent({ mask }: Secrets, event: Event): Event {
  switch (event.type) {
    case 'run-started': {
      const { title, ...rest } = event.runbook;
      const runbook = { ...rest, title: mask(title) };
      return { ...event, runbook, blocks: event.blocks.map((facts) => maskFacts(mask, facts)) };
    }
    case 'block-printed':
      return { ...event, line: mask(event.line) };
    case 'block-finished':
      return maskFinished(mask, event);
    case 'question-answered':
      return { ...event, text: mask(event.text) };
    case 'run-finished':
      return { ...event, why: mask(event.why) };
    case 'phase-finished':
    case 'block-started':
      return event;
  }
}

type Mask = Secrets['mask'];

function maskFacts(mask: Mask, facts: BlockFacts): BlockFacts {
  const { name, section, language, on, effect } = facts;
  return { ...mask(facts), name, section, language, on, effect };
}

function maskFinished(mask: Mask, event: BlockFinished): BlockFinished {
  const { type, at, name, outcome, output } = event;
  const expectations = outcome.expectations.map((one) => ({ ...mask(one), status: one.status }));
  return {
    ...mask(event),
    ...{ type, at, name },
    outcome: { ...mask(outcome), status: outcome.status, expectations },
    output: output && Object.assign(mask(output), { kind: output.kind }),
  };
}
