import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * Where a way is cut: at the first query that `at` matches. `unsent`: the server never gets it. `unanswered`: it gets it,
 * and what it answers is lost. `answered`: its answer arrives, and nothing after it. `stalled-…`: as these, but the
 * client is not told that the connection is gone.
 */
export interface Cut {
  at: RegExp;
  how: 'unsent' | 'unanswered' | 'answered' | 'stalled-unsent' | 'stalled-unanswered';
  /** So many queries that match are let through before. */
  after?: number;
  /** So many connections are cut. */
  times?: number;
}

export interface Way {
  connect: () => Socket;
  /** Cuts all connections now, as a network does: the server's ends stay open. */
  cut(): void;
  /** Refuses connections from now on. */
  close(): void;
  /** What has been sent to the server, query by query, over all connections. */
  sent: string[];
  /** Resolves when a cut was made. */
  severed: Promise<void>;
  /** Resolves when the server has answered what was cut from its answer: it has done it. */
  done: Promise<void>;
}

/**
 * A way to a PostgreSQL server that reads what passes and is cut at a message. The server's end of a connection that was
 * cut stays open, as it does behind a network: its backend finds out late or never.
 */
export async function wayTo(server: () => Socket, cut?: Cut): Promise<Way> {
  const sent: string[] = [];
  const pairs = new Set<Socket>();
  const servers = new Set<Socket>();
  let [passed, left] = [0, cut?.times ?? 1];
  let tell = () => {};
  const severed = new Promise<void>((resolve) => {
    tell = resolve;
  });
  let tellDone = () => {};
  const done = new Promise<void>((resolve) => {
    tellDone = resolve;
  });
  const hit = (query: string) => {
    if (!cut || left === 0 || !cut.at.test(query) || passed++ < (cut.after ?? 0)) return false;
    left--;
    return true;
  };
  const listening = createServer((client) => {
    const upstream = server();
    pairs.add(client);
    servers.add(upstream);
    for (const one of [client, upstream]) one.on('error', () => undefined);
    let [down, dead] = [true, false];
    const sever = () => {
      [down, dead] = [false, true];
      if (!cut?.how.startsWith('stalled')) client.destroy();
      tell();
    };
    client.once('close', () => {
      pairs.delete(client);
      if (!dead) upstream.destroy();
    });
    upstream.once('close', () => {
      if (!dead) client.destroy();
    });
    let awaited = false;
    const answers = messages(0, (type, whole) => {
      if (down) client.write(whole);
      if (type === 'Z' && dead) tellDone();
      if (type === 'Z' && awaited && !dead) sever();
    });
    upstream.on('data', answers);
    const queries = messages(1, (type, whole) => {
      if (dead) return;
      const query = type === 'Q' ? whole.toString('utf8', 5, whole.length - 1) : null;
      if (query !== null) sent.push(query);
      const struck = query !== null && hit(query);
      if (struck && cut?.how.endsWith('unsent')) return sever();
      if (struck && cut?.how.endsWith('unanswered')) sever();
      if (struck && cut?.how === 'answered') awaited = true;
      upstream.write(whole);
    });
    client.on('data', queries);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  onTestFinished(() => {
    listening.close();
    for (const one of [...pairs, ...servers]) one.destroy();
  });
  return {
    connect: () => connect(port, '127.0.0.1'),
    cut() {
      for (const one of pairs) one.destroy();
    },
    close: () => void listening.close(),
    sent,
    severed,
    done,
  };
}

/** Takes a stream apart into PostgreSQL's messages; the first `untyped` of them have no type. */
function messages(untyped: number, each: (type: string, whole: Buffer) => void): (chunk: Buffer) => void {
  let held = Buffer.alloc(0);
  let left = untyped;
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    for (;;) {
      const prefix = left > 0 ? 0 : 1;
      if (held.length < prefix + 4) return;
      const length = prefix + held.readInt32BE(prefix);
      if (held.length < length) return;
      const whole = held.subarray(0, length);
      held = held.subarray(length);
      if (left > 0) left--;
      each(prefix ? String.fromCharCode(whole[0] ?? 0) : '', whole);
    }
  };
}
