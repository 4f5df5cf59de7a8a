import { existsSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DockerCommandError } from '../errors.ts';
import { exec } from './exec.ts';
import type { Host } from './host.ts';
import { config, engineVersion, images, nothingToDo, port, version } from './inspect.ts';
import { down, kill, remove, restart, start, stop, up, wait } from './lifecycle.ts';
import { logs } from './logs.ts';
import { lastValue, type OptionTable, readOptions } from './options.ts';
import { ps } from './ps.ts';
import { run } from './run.ts';

type Command = (host: Host, words: string[]) => Promise<number>;

const COMPOSE_COMMANDS: Record<string, Command> = {
  ...{ build: nothingToDo, config, down, exec, images, kill, logs, port, ps, pull: nothingToDo },
  ...{ restart, rm: remove, run, start, stop, up, version, wait },
};

const DOCKER_COMMANDS: Record<string, Command> = {
  ...{ compose, version: engineVersion, info: engineVersion },
};

const COMPOSE_OPTIONS: OptionTable = {
  flags: { '--compatibility': 'compatibility' },
  values: {
    ...{ '-f': 'file', '--file': 'file', '-p': 'project', '--project-name': 'project' },
    ...{ '--project-directory': 'directory', '--ansi': 'ansi', '--progress': 'progress' },
  },
  stopsAtArgument: true,
};

async function compose(host: Host, words: string[]): Promise<number> {
  const given = readOptions(words, COMPOSE_OPTIONS);
  const [name = '', ...rest] = given.arguments;
  const command = Object.hasOwn(COMPOSE_COMMANDS, name) ? COMPOSE_COMMANDS[name] : undefined;
  if (!command) throw unknown(`compose ${name}`, Object.keys(COMPOSE_COMMANDS), 16);
  const project = lastValue(given, 'project') ?? host.project;
  if (project !== host.layout.id) {
    throw new DockerCommandError(
      `this replica runs project ${host.layout.id} and no other: "${project}" is not here`,
      1,
    );
  }
  const files = (given.values.get('file') ?? []).map((file) => resolve(host.directory, file));
  if (command !== version)
    checkProject(host, resolve(host.directory, lastValue(given, 'directory') ?? ''), files);
  return await command(host, rest);
}

/** Like compose, looks for the file that is named, or for its own here and in the directories above. */
function checkProject({ layout }: Host, directory: string, files: string[]): void {
  const project = realpathSync(layout.project);
  for (const file of files) {
    if (!existsSync(file)) throw new DockerCommandError(`open ${file}: no such file or directory`, 14);
    if (realpathSync(file) === realpathSync(layout.composeFile)) continue;
    throw new DockerCommandError(`this replica runs ${layout.composeFile} and no other: not ${file}`, 14);
  }
  if (files.length > 0) return;
  const start = realpathSync(resolve(directory));
  for (let at = start; at !== project; at = dirname(at)) {
    if (at === dirname(at)) throw new DockerCommandError('no configuration file provided: not found', 14);
  }
}

const unknown = (name: string, known: string[], exitCode: number) =>
  new DockerCommandError(
    `unknown docker command: "${name}"\n` +
      `The embedded replica knows ${known.sort().join(', ')}; rehearse with --replica docker for more.`,
    exitCode,
  );

/** Runs a `docker` command and returns its exit status. Throws DockerCommandError. */
export async function runDockerCommand(host: Host, [name = '', ...words]: string[]): Promise<number> {
  const command = Object.hasOwn(DOCKER_COMMANDS, name) ? DOCKER_COMMANDS[name] : undefined;
  if (!command) throw unknown(name, Object.keys(DOCKER_COMMANDS), 1);
  return await command(host, words);
}
