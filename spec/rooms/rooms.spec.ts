import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { relative } from 'node:path/posix';
import { expect, it } from 'vitest';
import { DOORS, PURE, ROOMS } from '../../rooms.mjs';
import { cruise, type Sources, scratchProject } from './scratch.ts';

type Pair = [from: string, to: string];

const rooms = Object.keys(ROOMS);
const doors: Record<string, string> = DOORS;
const pairs = rooms.flatMap((from) => rooms.filter((to) => to !== from).map((to): Pair => [from, to]));
const isAllowed = ([from, to]: Pair) => ROOMS[from]?.imports.includes(to) ?? false;
const allowed = pairs.filter(isAllowed);

const isFile = (room: string) => /\.\w+$/.test(room);
const roomOf = (path: string) => path.split('/')[1] ?? '';
/** The file by which a room is entered. */
const entryOf = (room: string) => doors[room] ?? (isFile(room) ? `tools/${room}` : `tools/${room}/entry.ts`);
/** The file of a room that imports another. */
const importerOf = ([from, to]: Pair) => (isFile(from) ? `tools/${from}` : `tools/${from}/to-${to}.ts`);

/** A project in which every room imports every other, with so written an import. */
function everyPair(write: (path: string) => string): Sources {
  const sources: Sources = Object.fromEntries(rooms.map((room) => [entryOf(room), ['export type T = 1;']]));
  for (const pair of pairs) {
    const importer = importerOf(pair);
    const path = relative(dirname(importer), entryOf(pair[1]));
    sources[importer] = [...(sources[importer] ?? []), write(path.startsWith('.') ? path : `./${path}`)];
  }
  return sources;
}

async function refusals(sources: Sources): Promise<string[]> {
  const { summary } = await cruise(await scratchProject(sources));
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
}

it('each folder and each file of tools is a room, and each room is one of them', async () => {
  const entries = await readdir('tools', { withFileTypes: true });
  // What starts a program has no extension, as it is typed, and imports nothing.
  const found = entries.filter((entry) => entry.isDirectory() || entry.name.includes('.'));
  expect(found.map(({ name }) => name).sort()).toEqual([...rooms].sort());
});

it('a room imports only rooms that stand above it, and a pure room only pure ones', () => {
  const upwards = allowed.filter(([from, to]) => rooms.indexOf(to) > rooms.indexOf(from));
  const impure = allowed.filter(([from, to]) => PURE.includes(from) && !PURE.includes(to));
  expect({ upwards, impure }).toEqual({ upwards: [], impure: [] });
});

it('what a room may import, it does import', async () => {
  const used = new Set<string>();
  for (const { source, dependencies } of (await cruise('.')).modules)
    for (const { resolved } of dependencies) used.add(`${roomOf(source)} → ${roomOf(resolved)}`);
  expect(allowed.map(([from, to]) => `${from} → ${to}`).filter((pair) => !used.has(pair))).toEqual([]);
});

it.each([
  ['an import', (path: string) => `import '${path}';`],
  ['an import of a type', (path: string) => `import type { T } from '${path}';`],
  ['a dynamic import', (path: string) => `await import('${path}');`],
  ['an export', (path: string) => `export * from '${path}';`],
])('%s is refused between every two rooms that the table does not join', async (_, write) => {
  const due = pairs
    .filter((pair) => !isAllowed(pair))
    .map((pair) => `${pair[0]}-imports: ${importerOf(pair)} → ${entryOf(pair[1])}`);
  // The rooms of one file import each other here, so there are circles, too.
  const found = (await refusals(everyPair(write))).filter((refusal) => !refusal.startsWith('no-circle'));
  expect(found.sort()).toEqual(due.sort());
});

it('a room with a door is entered by no other file, even by those who may enter', async () => {
  const due: string[] = [];
  const sources: Sources = {};
  for (const [room, door] of Object.entries(doors)) {
    const within = `tools/${room}/within.ts`;
    sources[within] = sources[door] = ['export {};'];
    for (const pair of allowed.filter(([, to]) => to === room)) {
      sources[importerOf(pair)] = [`import '../${room}/within.ts';`];
      due.push(`${room}-door: ${importerOf(pair)} → ${within}`);
    }
  }
  expect(due).not.toEqual([]);
  expect((await refusals(sources)).sort()).toEqual(due.sort());
});

it('a circle of files is refused, and so is an import by a file in no room', async () => {
  const sources = {
    'tools/text/one.ts': ["import './two.ts';"],
    'tools/text/two.ts': ["import './one.ts';"],
    'tools/attic/one.ts': ["import '../text/one.ts';"],
  };
  expect((await refusals(sources)).sort()).toEqual([
    'no-circle: tools/text/one.ts → tools/text/two.ts',
    'no-room: tools/attic/one.ts → tools/text/one.ts',
  ]);
});
