import { expect, it } from 'vitest';
import { problemLines } from '../../tools/commands/page.ts';
import { problems } from '../../tools/document/problems.ts';
import { type Asked, type Calls, findingsOf } from '../../tools/plan/findings.ts';
import type { Preflight } from '../../tools/plan/preflight.ts';

const NOW = 1_772_330_400;
const SOUND: Preflight = { noise: '', missing: [], temporary: null, clock: NOW };

const call = (program: string, block: string, line: number) => ({ program, block, line, column: 3 });
const CALLS: Calls = {
  here: [call('curl', 'topics', 40), call('curl', 'periods', 50)],
  there: [
    call('docker', 'look', 10),
    call('docker', 'stop', 20),
    call('docker', 'start', 30),
    call('jq', 'look', 11),
  ],
};

const machine = (name: string, answer: Partial<Preflight> | null): Asked => ({
  name,
  answer: answer && { ...SOUND, ...answer },
  why: 'sh: bash: not found',
  at: NOW,
});

/** What is found where the answers of the two machines are these. */
function found(here: Partial<Preflight> | null, there: Partial<Preflight> | null, calls = CALLS): string[] {
  const { obstacles, warnings } = findingsOf(calls, machine('this machine', here), machine('nas', there));
  return [...problemLines('runbook.md', obstacles), ...problemLines('warning', warnings)];
}

const curl = { missing: [{ program: 'curl', directory: null }] };
const every = [
  ...found(curl, {
    missing: [
      { program: 'jq', directory: null },
      { program: 'docker', directory: '/opt/bin' },
    ],
    temporary: 'mktemp: No space left on device',
    clock: NOW - 90,
    noise: 'Welcome\n',
  }),
  ...found(null, null),
];

it('all that is missing is found, in the order of the document', () => {
  expect(every).toMatchInlineSnapshot(`
    [
      "runbook.md:1:1: nas has no temporary directory that can be written to: mktemp: No space left on device; make room in it, or let TMPDIR name another [preflight]",
      "runbook.md:1:1: the clock of nas is 1 min 30 s behind that of this machine; set the one that is wrong: times in reports and logs would not fit [preflight]",
      "runbook.md:10:3: nas has \`docker\` in /opt/bin, which is not on its PATH, and look, stop and 1 more would call it; write \`path: [/opt/bin]\` below the host in the front matter [preflight]",
      "runbook.md:11:3: nas has no program \`jq\` on its PATH, which look would call; install it there, or write \`path: [its directory]\` below the host in the front matter [preflight]",
      "runbook.md:40:3: this machine has no program \`curl\`, which topics and periods would call; install it, or put its directory on PATH [preflight]",
      "warning:1:1: login files of nas print "Welcome" on the standard output of every command; let them do so only for a terminal: [ -t 1 ] || return [preflight]",
      "runbook.md:1:1: this machine could not be asked what it has: sh: bash: not found; see whether bash is there, and whether its login files end [preflight]",
      "runbook.md:1:1: nas could not be asked what it has: sh: bash: not found; see whether bash is there, and whether its login files end [preflight]",
    ]
  `);
});

it('every kind of finding is among these', () => {
  const kinds = Object.values(problems).filter(({ rule }) => rule === 'preflight');
  const missing = kinds.filter(({ wording: [message] }) => {
    const parts = message.split('…').filter((part) => part.trim() !== '');
    return !every.some((line) => parts.every((part) => line.includes(part)));
  });
  expect(missing.map(({ wording: [message] }) => message)).toEqual([]);
});

it('nothing is found where nothing is missing, nor where a clock is half a minute off', () => {
  expect(found({}, { clock: NOW + 30 })).toEqual([]);
  expect(found({}, { clock: NOW + 31 })).toHaveLength(1);
});

it('where no block runs here, this machine may lack what it likes', () => {
  expect(found(null, {}, { ...CALLS, here: [] })).toEqual([]);
});
