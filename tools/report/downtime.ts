import type { BlockFacts, Event, RunStarted } from '../journal/event.ts';

/** A block of a run, and a moment of it: ISO 8601, UTC. */
interface Moment {
  block: string;
  at: string;
}

/** From the first block that stopped services to the last that started them; `until` is null while they are down. */
export interface Downtime {
  from: Moment;
  until: Moment | null;
}

/**
 * How long services were down in several runs that resume one another, oldest first, told by what their blocks say to
 * `docker compose` on the host. Null where none of them stopped any.
 */
export function downtimeOf(chain: readonly Event[][]): Downtime | null {
  let down: Downtime | null = null;
  for (const events of chain) {
    const verbs = new Map((events[0] as RunStarted).blocks.map((facts) => [facts.name, verbsOf(facts)]));
    let begun = '';
    for (const event of events) {
      if (event.type !== 'block-started' && event.type !== 'block-finished') continue;
      const { name, at } = event;
      const { stops = false, starts = false } = verbs.get(name) ?? {};
      if (event.type === 'block-started') begun = at;
      if (event.type === 'block-started' && stops) down ??= { from: { block: name, at }, until: null };
      if (!down || event.type !== 'block-finished') continue;
      // It could not be run, so it has not stopped anything.
      if (event.outcome.status === 'not-run' && down.from.at === begun && down.from.block === name)
        down = null;
      if (event.output === null) continue;
      if (down && starts && event.outcome.status === 'passed') down.until = { block: name, at };
      else if (down && stops && event.at > down.from.at) down.until = null;
    }
  }
  return down;
}

/** Milliseconds; of services that are still down, up to `now` (ISO 8601). */
export const downtimeMs = ({ from, until }: Downtime, now: string): number =>
  Date.parse(until?.at ?? now) - Date.parse(from.at);

/** What `docker compose`, with these words behind it, does to services. */
function verbOf(behind: string): string | null {
  let isBehindOption = false;
  for (const word of behind
    .split('\n', 1)[0]
    ?.split(/[ \t]+/)
    .filter(Boolean) ?? []) {
    const verb = /^(?:stop|down|kill|up|start|restart)\b/.exec(word)?.[0];
    if (verb) return verb;
    const isOption = word.startsWith('-');
    if (!isOption && !isBehindOption) return null;
    isBehindOption = isOption;
  }
  return null;
}

/** Whether a block of the host stops and starts services; what restarts them does both. */
function verbsOf({ on, language, text }: BlockFacts): { stops: boolean; starts: boolean } {
  if (on === 'local' || language === 'sql') return { stops: false, starts: false };
  const code = text.replaceAll(/(^|\s)#.*$/gm, '');
  const [, ...commands] = code.split(/\bdocker[ \t]+compose\b/);
  const verbs = commands.map(verbOf).filter((verb) => verb !== null);
  return {
    stops: verbs.some((verb) => ['stop', 'down', 'kill', 'restart'].includes(verb)),
    starts: verbs.some((verb) => ['up', 'start', 'restart'].includes(verb)),
  };
}
