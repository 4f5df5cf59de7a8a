import { randomBytes } from 'node:crypto';
import { Transform } from 'node:stream';

/** A line that nothing else prints: a program says it first, so that what login files printed before can be told. */
export const newMark = (): string => randomBytes(16).toString('hex');

/** What of a stream comes after the line that ends with `mark`. */
export function afterMark(mark: string): Transform {
  const line = Buffer.from(`${mark}\n`);
  let held: Buffer | null = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === null) return done(null, chunk);
      held = Buffer.concat([held, chunk]);
      const at = held.indexOf(line);
      const rest = at < 0 ? null : held.subarray(at + line.length);
      held = at < 0 ? held.subarray(-line.length) : null;
      if (rest === null || rest.length === 0) done();
      else done(null, rest);
    },
  });
}
