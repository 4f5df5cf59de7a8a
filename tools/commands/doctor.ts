import { installMissing } from '../machine/install.ts';
import { type Finding, isMissing } from '../machine/requirement.ts';
import { findRequirements, REQUIREMENTS } from '../machine/requirements.ts';
import type { Style } from '../report/style.ts';
import { EXIT, type ExitStatus } from './exit.ts';

/** Says what this machine has and lacks and what each lack forbids; with `install`, installs what it can first. */
export async function doctor(
  install: boolean,
  style: Style,
  print: (line: string) => void,
): Promise<ExitStatus> {
  let findings = await findRequirements();
  if (install && findings.some(isMissing)) {
    await installMissing(findings.filter(isMissing), print);
    findings = await findRequirements();
  }
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const finding of findings) print(line(finding, width, style));
  return findings.some((finding) => finding.rehearsal && isMissing(finding)) ? EXIT.cannotRun : EXIT.passed;
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
