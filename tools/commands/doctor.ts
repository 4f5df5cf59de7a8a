import { installMissing } from '../machine/install.ts';
import { type Finding, isMissing, type Requirement } from '../machine/requirement.ts';
import { findRequirements, REQUIREMENTS } from '../machine/requirements.ts';
import { serverVersion } from '../machine/server-version.ts';
import { dumpTargetOf, recipeOf } from '../replica/recipe.ts';
import type { Style } from '../report/style.ts';
import { EXIT, type ExitStatus } from './exit.ts';
import { readDocument } from './read.ts';

/** Says what this machine has and lacks and what each lack forbids; with `install`, installs what it can first. */
export async function doctor(
  named: { runbook: string; postgres?: string | undefined },
  install: boolean,
  style: Style,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const requirements = [...REQUIREMENTS, ...(await serversOf(named))];
  let findings = await findRequirements(requirements);
  if (install && findings.some(isMissing)) {
    await installMissing(findings.filter(isMissing), print);
    findings = await findRequirements(requirements);
  }
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const finding of findings) print(line(finding, width, style));
  return findings.some((finding) => finding.rehearsal && isMissing(finding)) ? EXIT.cannotRun : EXIT.passed;
}

/** The version of PostgreSQL that is asked for, and the one that a runbook names, where there is one that does. */
async function serversOf({ runbook, postgres }: Parameters<typeof doctor>[0]): Promise<Requirement[]> {
  const target = await readDocument(runbook)
    .then((document) => dumpTargetOf(recipeOf(document)))
    .catch(() => null);
  const majors = [target?.major, postgres].filter((major) => typeof major === 'string');
  return [...new Set(majors)].map(serverVersion);
}

function line(finding: Finding, width: number, style: Style): string {
  const name = finding.name.padEnd(width);
  if (!isMissing(finding)) return `${style.good('✓')} ${name}  ${finding.version}`;
  return `${style.bad('✗')} ${name}  ${finding.lack}; without it: no ${finding.forbids}`;
}

/** Installs what an embedded rehearsal takes and this machine lacks; says nothing where it has all. */
export async function installForRehearsal(say: (line: string) => void): Promise<ExitStatus> {
  const findings = await findRequirements(REQUIREMENTS.filter(({ rehearsal }) => rehearsal));
  await installMissing(findings.filter(isMissing), say);
  return EXIT.passed;
}
