import type { Begun } from '../outcome/fact.ts';
import type { BlockCarried, BlockFacts, BlockFinished, Event } from './event.ts';
import type { Secrets } from './secrets.ts';

/**
 * An event without secrets. The tool's own words and the names that the document gives stay: a password may be spelled
 * like one of them, and a run is resumed and reported by them.
 */
export function maskEvent({ mask, maskPart }: Secrets, event: Event): Event {
  switch (event.type) {
    case 'run-started': {
      const { title, ...rest } = event.runbook;
      const runbook = { ...rest, title: mask(title) };
      const told = event.rehearsed && 'reason' in event.rehearsed;
      const rehearsed = told ? mask(event.rehearsed) : event.rehearsed;
      return { ...event, runbook, rehearsed, blocks: event.blocks.map((facts) => maskFacts(mask, facts)) };
    }
    case 'block-printed':
      return { ...event, line: maskPart(event.line) };
    case 'block-finished':
    case 'block-carried':
      return maskFinished(mask, event);
    case 'question-answered':
      return { ...event, text: mask(event.text) };
    case 'run-finished':
      return { ...event, why: mask(event.why) };
    case 'statement-prepared':
      return { ...event, results: mask(event.results) };
    case 'link-changed':
      return { ...event, why: mask(event.why) };
    case 'block-started':
      return event.goes_on ? { ...event, goes_on: maskBegun(mask, event.goes_on) } : event;
    case 'phase-finished':
    case 'block-begun':
      return event;
  }
}

type Mask = Secrets['mask'];

const maskBegun = (mask: Mask, begun: Begun): Begun => ({
  ...begun,
  prepared: begun.prepared.map((fact) => ({ ...fact, results: mask(fact.results) })),
});

function maskFacts(mask: Mask, facts: BlockFacts): BlockFacts {
  const { name, section, language, on, effect, key, done, probe_of } = facts;
  const probe = probe_of === undefined ? {} : { probe_of };
  return { ...mask(facts), name, section, language, on, effect, key, done, ...probe };
}

function maskFinished<Ended extends BlockFinished | BlockCarried>(mask: Mask, event: Ended): Ended {
  const { type, at, name, outcome, output } = event;
  const expectations = outcome.expectations.map((one) => ({ ...mask(one), status: one.status }));
  return {
    ...mask(event),
    ...{ type, at, name },
    outcome: { ...mask(outcome), status: outcome.status, expectations },
    output: output && Object.assign(mask(output), { kind: output.kind }),
    ...(event.type === 'block-carried' ? { from: event.from, because: event.because } : {}),
  };
}
