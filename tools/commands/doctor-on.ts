import { hostNames } from '../document/front-matter.ts';
import { orInterrupted } from '../host/interruption.ts';
import { openHost } from '../host-kinds.ts';
import { makePlan } from '../plan/plan.ts';
import type { Style } from '../report/style.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { requireHost } from './hosts.ts';
import { problemLines } from './page.ts';
import { orThrow } from './plan.ts';
import { preflight } from './preflight.ts';
import { readSoundDocument } from './read.ts';

/** Says what stands against a run of main on a host, and runs nothing: as `run` says it before its first block. */
export async function doctorOn(
  path: string,
  on: string,
  { style, print, signal }: { style: Style; print: (line: string) => void; signal: AbortSignal },
): Promise<ExitStatus> {
  const document = await readSoundDocument(path);
  const address = requireHost(document, on);
  const { name } = address;
  const facts = { name, kind: 'host' as const, hostNames: hostNames(document.frontMatter), services: null };
  const plan = orThrow(document, makePlan(document, 'main', { ...facts, terminal: true }));
  const host = await openHost(address, signal);
  try {
    const asking = preflight(document, plan, host);
    const { obstacles, warnings } = await orInterrupted(asking, signal, `asking ${name}`);
    for (const line of problemLines(path, obstacles)) print(`${style.bad('✗')} ${line}`);
    for (const line of problemLines(path, warnings)) print(`${style.bad('!')} ${line}`);
    if (obstacles.length > 0) return EXIT.cannotRun;
    print(`${style.good('✓')} ${name} has what a run of main takes`);
    return EXIT.passed;
  } finally {
    await host.close();
  }
}
