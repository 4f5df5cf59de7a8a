import { DOORS, ROOMS } from './rooms.mjs';

/** A room's files, as a regular expression: a folder, or one file. */
const filesOf = (room) => `^tools/${room.replaceAll('.', '\\.')}${/\.\w+$/.test(room) ? '$' : '/'}`;

/** What each room may import of tools/: itself and what rooms.mjs names. */
const rooms = Object.entries(ROOMS).map(([room, { imports }]) => ({
  name: `${room}-imports`,
  comment: `${room} may import ${imports.join(', ') || 'no other room'}: rooms.mjs`,
  severity: 'error',
  from: { path: filesOf(room) },
  to: { path: '^tools/', pathNot: [room, ...imports].map(filesOf) },
}));

const doors = Object.entries(DOORS).map(([room, door]) => ({
  name: `${room}-door`,
  comment: `${room} is entered by ${door} only: rooms.mjs`,
  severity: 'error',
  from: { pathNot: filesOf(room) },
  to: { path: filesOf(room), pathNot: `^${door.replaceAll('.', '\\.')}$` },
}));

const noRoom = {
  name: 'no-room',
  comment: 'this file is in no room: rooms.mjs',
  severity: 'error',
  from: { path: '^tools/', pathNot: Object.keys(ROOMS).map(filesOf) },
  to: {},
};

const noCircle = {
  name: 'no-circle',
  comment: 'these files import each other in a circle',
  severity: 'error',
  from: {},
  to: { circular: true },
};

export default {
  forbidden: [...rooms, ...doors, noRoom, noCircle],
  options: {
    // Types, too: who knows another room's types depends on it.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    includeOnly: '^tools/',
  },
};
