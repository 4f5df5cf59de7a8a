import type { Duplex } from 'node:stream';
import type pg from 'pg';
import { type ConnectDatabase, cutConnection } from './database.ts';
import { GRACE_MS } from './ending.ts';

/** A server that has not begun the statement yet forgets a request, so it is asked again. */
const ASK_EVERY_MS = 500;

const CANCEL_REQUEST = 80877102;

/**
 * When `signal` aborts, asks the server to cancel what the client runs, over connections of their own; where that has
 * no effect, cuts the client's connection after a grace. What it returns ends that.
 */
export function cancelWhen(signal: AbortSignal, connect: ConnectDatabase, client: pg.Client): () => void {
  const asking = new Set<Duplex>();
  let again: NodeJS.Timeout | undefined;
  let cut: NodeJS.Timeout | undefined;
  const ask = () => {
    const stream = connect();
    asking.add(stream);
    stream.on('error', () => undefined).once('close', () => asking.delete(stream));
    stream.resume().end(cancelRequest(client));
  };
  const forget = () => {
    signal.removeEventListener('abort', end);
    clearInterval(again);
    clearTimeout(cut);
    for (const stream of asking) stream.destroy();
  };
  const end = () => {
    ask();
    again = setInterval(ask, ASK_EVERY_MS);
    cut = setTimeout(() => {
      forget();
      cutConnection(client);
    }, GRACE_MS);
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return forget;
}

/** The message that a server takes instead of a login: which backend, and the key that only its client was given. */
function cancelRequest(client: pg.Client): Buffer {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const message = Buffer.alloc(16);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(CANCEL_REQUEST, 4);
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  return message;
}
