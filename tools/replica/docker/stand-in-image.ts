import { access, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { docker } from './docker.ts';
import { BUILT, type Build, buildMissing, hasImage, pullMissing, tagFor } from './images.ts';

const CONTEXT = fileURLToPath(new URL('../../../fixtures/host', import.meta.url));

/** Newer clients refuse engines as old as 20.10. */
const OFFICIAL_CLI = 'docker:28-cli';

/** The image of the host's stand-in, built unless it is there. Throws ReplicaError where it cannot be. */
export async function standInImage(say: (line: string) => void): Promise<string> {
  const tag = await tagFor([CONTEXT]);
  if (await hasImage(tag)) return tag;
  const cli = await dockerCli(say);
  await buildMissing([buildOf(tag, CONTEXT, '--build-arg', `CLI=${cli}`)], say);
  return tag;
}

function buildOf(tag: string, context: string, ...more: string[]): Build {
  const labels = Object.entries(BUILT).flatMap((pair) => ['--label', pair.join('=')]);
  return { tag, args: ['build', '--force-rm', '--tag', tag, ...labels, ...more, context] };
}

/** Static docker and compose programs: the official ones, or this machine's own where there is no registry. */
async function dockerCli(say: (line: string) => void): Promise<string> {
  try {
    await pullMissing([OFFICIAL_CLI], say);
    return OFFICIAL_CLI;
  } catch (error) {
    const own = process.platform === 'linux' ? await ownPrograms() : null;
    if (!own) throw error;
    say(`${OFFICIAL_CLI} cannot be pulled: the docker command of this machine is taken`);
    return packOwn(own, say);
  }
}

interface Programs {
  docker: string;
  compose: string;
}

async function ownPrograms(): Promise<Programs | null> {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'docker'));
  const found = await Promise.all(
    candidates.map((path) =>
      access(path).then(
        () => path,
        () => null,
      ),
    ),
  );
  const program = found.find((path) => path !== null);
  const plugins = await docker(['info', '--format', '{{json .ClientInfo.Plugins}}']);
  const compose = (JSON.parse(plugins) as { Name: string; Path: string }[]).find(
    ({ Name }) => Name === 'compose',
  );
  return program && compose ? { docker: program, compose: compose.Path } : null;
}

/** An image of nothing but the two programs, at the paths where the official one has them. */
async function packOwn(programs: Programs, say: (line: string) => void): Promise<string> {
  const context = await mkdtemp(join(tmpdir(), 'runbook-cli-'));
  try {
    await copyFile(programs.docker, join(context, 'docker'));
    await copyFile(programs.compose, join(context, 'docker-compose'));
    await writeFile(
      join(context, 'Dockerfile'),
      [
        'FROM scratch',
        'COPY docker /usr/local/bin/docker',
        'COPY docker-compose /usr/local/libexec/docker/cli-plugins/docker-compose',
        '',
      ].join('\n'),
    );
    const tag = await tagFor([context]);
    await buildMissing([buildOf(tag, context)], say);
    return tag;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
