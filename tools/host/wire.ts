import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** PostgreSQL's frontend/backend protocol, as far as the proxy must read it. */
export const SSL_REQUEST = 80877103;
export const GSS_REQUEST = 80877104;
export const CANCEL_REQUEST = 80877102;

export const ASK_FOR_PASSWORD = Buffer.from([82, 0, 0, 0, 8, 0, 0, 0, 3]);

/** The types of messages from a server, which are their first byte. */
export const BACKEND_KEY_DATA = 'K'.charCodeAt(0);
export const READY_FOR_QUERY = 'Z'.charCodeAt(0);

/**
 * The next message, whole: `prefix` bytes of type, then its length with itself.
 * Throws where the stream ends before it, or where it is longer than `most` bytes.
 */
export async function message(stream: Duplex, prefix: 0 | 1, most: number): Promise<Buffer> {
  const head = await take(stream, prefix + 4);
  const length = head.readInt32BE(prefix);
  if (length < 4 || length > most) throw new Error('this is no message of PostgreSQL’s protocol');
  return length === 4 ? head : Buffer.concat([head, await take(stream, length - 4)]);
}

async function take(stream: Duplex, bytes: number): Promise<Buffer> {
  for (;;) {
    const found = stream.read(bytes) as Buffer | null;
    if (found?.length === bytes) return found;
    if (stream.readableEnded || stream.destroyed) throw new Error('the other end went away');
    await once(stream, 'readable');
  }
}

/** An ErrorResponse, so that a client shows why instead of a closed connection. */
export function refusal(code: string, text: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A startup message whose session is started with more options; any other, such as one to cancel, as it is. */
export function withOptions(opening: Buffer, options: string): Buffer {
  if (options === '' || opening.readInt32BE(4) === CANCEL_REQUEST) return opening;
  const words = opening.toString('latin1', 8).split('\0');
  const pairs: [string, string][] = [];
  for (let i = 0; words[i]; i += 2) pairs.push([words[i] as string, words[i + 1] ?? '']);
  const said = pairs.find(([name]) => name === 'options')?.[1];
  const all = pairs.filter(([name]) => name !== 'options');
  all.push(['options', said ? `${said} ${options}` : options]);
  const body = Buffer.from(`${all.map(([name, value]) => `${name}\0${value}\0`).join('')}\0`, 'latin1');
  const message = Buffer.concat([opening.subarray(0, 8), body]);
  message.writeInt32BE(message.length, 0);
  return message;
}
