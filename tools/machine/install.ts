import { execa } from 'execa';
import which from 'which';
import type { Requirement } from './requirement.ts';

/** Why nothing could be installed, and what to type. */
export class InstallError extends Error {
  override name = 'InstallError';
}

/** Debian's packages start the servers that they bring, unless this says no for as long as they are installed. */
const APT = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=120 update
apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"`;

/**
 * Installs what is missing with the machine's own package manager: apt-get (as root, or through sudo) or Homebrew; what
 * neither has is fetched.
 * Throws InstallError where there is neither, or where it fails.
 */
export async function installMissing(missing: Requirement[], say: (line: string) => void): Promise<void> {
  for (const { name, fetch } of missing) {
    if (!fetch) continue;
    say(`fetching ${name}`);
    await fetch().catch((error: Error) => {
      throw new InstallError(`${name} could not be fetched: ${error.message}`);
    });
  }
  const packages = missing.flatMap((one) => (one.packages ? [one.packages] : []));
  const has = (name: string) => which.sync(name, { nothrow: true }) !== null;
  if (packages.length === 0) return;
  const apt = [...new Set(packages.map((one) => one.apt))];
  const brew = [...new Set(packages.flatMap((one) => one.brew?.split(' ') ?? []))];
  if (has('apt-get') && process.getuid?.() === 0) return install(['sh', '-c', APT, 'sh', ...apt], apt, say);
  if (has('apt-get') && has('sudo')) return install(['sudo', 'sh', '-c', APT, 'sh', ...apt], apt, say);
  if (has('brew') && brew.length === 0) return;
  if (has('brew')) return install(['brew', 'install', ...brew], brew, say);
  throw new InstallError(`nothing here can install ${apt.join(', ')}: install them by hand, then try again`);
}

async function install(
  [program = '', ...argv]: string[],
  packages: string[],
  say: (line: string) => void,
): Promise<void> {
  say(`installing ${packages.join(', ')}`);
  const { failed, stderr, stdout } = await execa(program, argv, { reject: false, stdin: 'inherit' });
  if (!failed) return;
  const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-5).join('\n');
  throw new InstallError(`${packages.join(', ')} could not be installed:\n${last}`);
}
