import { PURE, ROOMS } from '../../rooms.mjs';
import { table } from './table.ts';

/** The rooms of tools/: what each holds, and which others it may import. */
export function roomTable(): string {
  const rows = Object.entries(ROOMS).map(([room, { holds, imports }]) => [
    PURE.includes(room) ? `\`${room}\`, pure` : `\`${room}\``,
    holds,
    imports.map((name) => `\`${name}\``).join(', '),
  ]);
  return table(['room', 'holds', 'may import'], rows);
}

/**
 * The rooms and their imports as a Mermaid picture. An arrow that a longer way of arrows implies is left out: of a room
 * that imports `document`, which imports `text`, the arrow to `text` is not drawn.
 */
export function roomPicture(): string {
  const rooms = Object.keys(ROOMS).filter((room) => importsOf(room).length + importersOf(room).length > 0);
  return [
    '```mermaid',
    'flowchart TD',
    ...rooms.map((room) => `  ${idOf(room)}${PURE.includes(room) ? `([${room}])` : `[${room}]`}`),
    ...rooms.flatMap((room) => directImports(room).map((name) => `  ${idOf(room)} --> ${idOf(name)}`)),
    '```',
  ].join('\n');
}

const importsOf = (room: string) => ROOMS[room]?.imports ?? [];
const importersOf = (room: string) => Object.keys(ROOMS).filter((name) => importsOf(name).includes(room));

/** Mermaid's names of nodes hold no dots. */
const idOf = (room: string) => room.replaceAll('.', '_');

/** What a room imports and none of its other imports leads to. */
function directImports(room: string): string[] {
  const imports = importsOf(room);
  return imports.filter((name) => !imports.some((other) => other !== name && leadsTo(other, name)));
}

const leadsTo = (from: string, to: string): boolean =>
  importsOf(from).some((name) => name === to || leadsTo(name, to));
