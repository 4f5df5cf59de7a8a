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
  runbook: string,
  install: boolean,
  style: Style,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const requirements = [...REQUIREMENTS, ...(await serverOf(runbook))];
  let findings = await findRequirements(requirements);
  if (install && findings.some(isMissing)) {
    await installMissing(findings.filter(isMissing), print);
    findings = await findRequirements(requirements);
  }
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const finding of findings) print(line(finding, width, style));
  return findings.some((finding) => finding.rehearsal && isMissing(finding)) ? EXIT.cannotRun : EXIT.passed;
}

/** The version of PostgreSQL that a runbook names, where there is a runbook that names one. */
async function serverOf(runbook: string): Promise<Requirement[]> {
  const target = await readDocument(runbook)
    .then((document) => dumpTargetOf(recipeOf(document)))
    .catch(() => null);
  return target?.major ? [serverVersion(target.major)] : [];
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
