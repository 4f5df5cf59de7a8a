import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from '../../tools/machine/chromium.ts';
import { findSshd } from '../../tools/machine/sshd.ts';

/** Something of the machine that some specs cannot do without. */
interface Requirement {
  name: string;
  /** What to do to have it. */
  remedy: string;
  isThere: () => boolean;
}

const answers = (program: string, ...args: string[]) =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

const docker: Requirement = {
  name: 'a Docker engine with Compose',
  remedy: 'start Docker',
  isThere: () => answers('docker', 'version') && answers('docker', 'compose', 'version'),
};

const ssh: Requirement = {
  name: 'OpenSSH’s client',
  remedy: 'install openssh-client',
  isThere: () => answers('ssh', '-V'),
};

const sshd: Requirement = {
  name: 'OpenSSH’s server',
  remedy: 'npm run -s runbook -- doctor --install',
  isThere: () => findSshd() !== null && answers('ssh', '-V'),
};

const chromium: Requirement = {
  name: 'Chromium',
  remedy: 'npm run -s runbook -- doctor --install',
  isThere: () => chromiumPath() !== null,
};

const busybox: Requirement = {
  name: 'busybox',
  remedy: 'npm run -s runbook -- doctor --install',
  isThere: () => answers('busybox', 'true'),
};

const REQUIREMENTS = { docker, ssh, sshd, chromium, busybox };

export type Need = keyof typeof REQUIREMENTS;

/** On a developer’s machine what is missing skips what needs it; where everything must be tested, it fails. */
const mayNotSkip = process.env.CI === 'true' || process.env.RUNBOOK_NO_SKIP === '1';

/**
 * `describe` for specs that need something of the machine. Where it is missing they say so: as skipped, or with
 * CI=true or RUNBOOK_NO_SKIP=1 as a failure.
 */
export function describeWith(needs: Need[], name: string, body: () => void): void {
  const missing = needs.map((need) => REQUIREMENTS[need]).find(({ isThere }) => !isThere());
  if (!missing) describe(name, body);
  else if (!mayNotSkip) describe.skip(`${name} (skipped: there is not ${missing.name})`, body);
  else {
    describe(name, () => {
      it(`has ${missing.name}`, () => expect.fail(`${missing.name} is missing: ${missing.remedy}`));
    });
  }
}

/** `describeWith` for specs that start containers. */
export const describeWithDocker = (name: string, body: () => void) => describeWith(['docker'], name, body);
