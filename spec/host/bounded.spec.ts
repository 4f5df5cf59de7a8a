import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageBound } from '../../tools/host/bounded.ts';

const MB = 1024 * 1024;

/** A message of PostgreSQL's protocol. */
function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** What goes through of bytes that come in chunks of these sizes, over and over. */
function passed(bytes: Buffer, sizes: number[]): { through: Buffer; leftOut: number[] } {
  const leftOut: number[] = [];
  const bound = new MessageBound((length) => leftOut.push(length));
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    parts.push(Buffer.from(bound.pass(bytes.subarray(at, at + size))));
    at += size;
  }
  return { through: Buffer.concat(parts), leftOut };
}

const row = (bytes: number) => message('D', Buffer.alloc(bytes, 'x'));
const READY = message('Z', Buffer.from('I'));

describe('messages of a server', () => {
  const messages = fc.array(
    fc
      .tuple(fc.constantFrom('D', 'E', 'N', 'T', 'Z'), fc.uint8Array({ maxLength: 40 }))
      .map(([type, body]) => message(type, Buffer.from(body))),
    { maxLength: 20 },
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 10 });

  it('go through as they are, in whatever pieces they come', () => {
    fc.assert(
      fc.property(messages, sizes, (all, chunks) => {
        const bytes = Buffer.concat(all);
        expect(passed(bytes, chunks)).toEqual({ through: bytes, leftOut: [] });
      }),
    );
  });

  it('that are rows of more than 16 MiB are left out, and counted', () => {
    const [most, more] = [row(16 * MB), row(16 * MB + 1)];
    for (const sizes of [[65536], [3, 65536, 1], [40 * MB]]) {
      const bytes = Buffer.concat([row(2), more, row(3), most, more, READY]);
      const { through, leftOut } = passed(bytes, sizes);
      expect(leftOut).toEqual([16 * MB + 1, 16 * MB + 1]);
      expect(through.equals(Buffer.concat([row(2), row(3), most, READY]))).toBe(true);
    }
  });

  it('that are errors are cut short, and stay whole messages', () => {
    const fields = (text: string) => Buffer.from(`SERROR\0VERROR\0CP0001\0M${text}\0\0`);
    const bytes = Buffer.concat([message('E', fields('x'.repeat(20 * MB))), READY]);
    for (const sizes of [[65536], [2, 65536, 1], [40 * MB]]) {
      const { through, leftOut } = passed(bytes, sizes);
      const start = fields('x'.repeat(65536)).subarray(0, 65534);
      const cut = Buffer.concat([message('E', Buffer.concat([start, Buffer.alloc(2)])), READY]);
      expect([through.equals(cut), leftOut]).toEqual([true, []]);
    }
  });

  it('that are of no other kind may not be so long', () => {
    const bytes = message('T', Buffer.alloc(16 * MB + 1));
    expect(() => passed(bytes, [65536])).toThrow('which is more than is read of one');
  });
});
