import { expect, it } from 'vitest';
import { majorOf, parseDumpHeader } from '../../tools/replica/dump-header.ts';

const int = (n: number) => [n < 0 ? 1 : 0, ...[0, 8, 16, 24].map((shift) => (Math.abs(n) >> shift) & 255)];
const word = (text: string) => [...int(Buffer.byteLength(text)), ...Buffer.from(text)];

/** The head of a dump as pg_dump writes it, of an archive's version. */
const head = (minor: number, { format = 1, database = 'shop', version = '14.23' } = {}) =>
  Buffer.from([
    ...Buffer.from('PGDMP'),
    ...[1, minor, 0, 4, 8, format],
    ...(minor >= 15 ? [1] : int(-1)),
    ...[5, 4, 3, 2, 1, 126, 0].flatMap(int),
    ...word(database),
    ...word(version),
    ...word('14.23'),
  ]);

it.each([12, 14, 15, 16])('the database and the server of an archive of version 1.%i are told', (minor) => {
  expect(parseDumpHeader(head(minor))).toEqual({ database: 'shop', serverVersion: '14.23' });
});

it('a name of many bytes is told whole', () => {
  expect(parseDumpHeader(head(14, { database: 'läden "x"\n', version: '9.6.24' }))).toEqual({
    database: 'läden "x"\n',
    serverVersion: '9.6.24',
  });
});

it.each([
  ['nothing', Buffer.alloc(0)],
  ['SQL', Buffer.from('-- PostgreSQL database dump\n')],
  ['the mark alone', Buffer.from('PGDMP')],
  ['another format', head(14, { format: 3 })],
  ['an archive of a server that is too old', head(10)],
  ['a head that is cut off', head(14).subarray(0, 60)],
])('%s is no dump', (_, bytes) => {
  expect(parseDumpHeader(bytes)).toBeNull();
});

it('a major version is a number, or two before PostgreSQL 10', () => {
  expect(['14.23 (Debian 14.23-1)', '16beta1', '9.6.24'].map(majorOf)).toEqual(['14', '16', '9.6']);
});
