import type { Duplex } from 'node:stream';
import type { Document } from '../../tools/document/document.ts';
import { localHost } from '../../tools/host/local.ts';
import type { Answer } from '../../tools/journal/event.ts';
import { openJournals } from '../../tools/journal/journals.ts';
import { makeSecrets } from '../../tools/journal/secrets.ts';
import { perform } from '../../tools/perform.ts';
import type { HostFacts, Plan } from '../../tools/plan/plan.ts';
import type { RunReport } from '../../tools/report/report.ts';
import { styleFor } from '../../tools/report/style.ts';
import { terminalReport } from '../../tools/report/terminal.ts';

/** What a plan for this machine is made with. */
export const HERE: HostFacts = {
  name: 'here',
  kind: 'embedded',
  hostNames: ['nas'],
  services: null,
  terminal: false,
};

export interface PerformHereOptions {
  /** Where the run is recorded: `.runbook`. */
  home: string;
  /** What local blocks see; it is also what the run knows the secrets of. */
  environment?: Record<string, string>;
  /** Opens a stream to the server of the document's database. */
  connect?: () => Duplex;
  write?: (text: string) => void;
  ask?: () => Promise<Answer>;
}

/** Performs a plan on this machine as a command does, whole lines on the screen. */
export function performHere(
  document: Document,
  plan: Plan,
  {
    home,
    environment = {},
    connect,
    write = () => undefined,
    ask = async () => 'assumed',
  }: PerformHereOptions,
): Promise<RunReport> {
  const session = {
    document,
    home,
    journals: openJournals(home),
    terminal: terminalReport({ write, columns: null, style: styleFor({}, {}) }),
    secrets: makeSecrets(environment),
    startedAt: new Date(),
    events: [],
  };
  return perform(session, {
    plan,
    host: localHost({ directory: '/', environment, ...(connect ? { connect } : {}) }),
    facts: HERE,
    identity: null,
    vouched: { bytes: null, data: null, rehearsed: null, expected_ms: {} },
    seeded: true,
    environment,
    blockVariables: {},
    before: [],
    resumes: null,
    signal: new AbortController().signal,
    ask,
    after: async () => [],
  });
}
