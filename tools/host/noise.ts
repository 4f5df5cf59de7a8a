import { randomBytes } from 'node:crypto';
import { Transform } from 'node:stream';

/** A line that nothing else prints: a program says it first, so that what login files printed before can be told. */
export const newMark = (): string => randomBytes(16).toString('hex');

/** The words that run a program behind a line with the mark. */
export const behindMark = (mark: string, argv: string[]): string[] => [
  ...['sh', '-c', 'printf "%s\\n" "$0"; exec "$@"', mark],
  ...argv,
];

/** What a program printed behind the line with the mark; null where that was not printed. */
export function saidBehind(mark: string, stdout: string): string | null {
  const at = stdout.indexOf(`${mark}\n`);
  return at < 0 ? null : stdout.slice(at + mark.length + 1);
}

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
