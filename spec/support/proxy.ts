import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { chanceOf } from './chance.ts';

/** A way to a port of this machine that can be disturbed; connections that are made afterwards go through again. */
export interface SocketProxy {
  port: number;
  leadTo(port: number): void;
  /** Closes every connection. */
  cut(): void;
  /** Lets nothing more through, and says nothing of it. */
  silence(): void;
  /** Closes every connection, and takes no other. */
  refuse(): void;
  accept(): void;
  close(): void;
}

/** In what a link is worse than this machine's own. */
export interface Distance {
  /** So many milliseconds later arrives what goes either way. */
  delayMs?: number;
  /** Of so many pieces in a hundred, the first segment is lost, and of as many the one that is sent in its place. */
  lossPercent?: number;
}

/** Opens one that leads to a port, which may be told later. */
export async function openProxy(to = 0, distance: Distance = {}): Promise<SocketProxy> {
  const passing = new Set<Socket>();
  const all = new Set<Socket>();
  let [port, refusing] = [to, false];
  const server = createServer((socket) => {
    if (refusing) return void socket.destroy();
    const beyond = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, beyond],
      [beyond, socket],
    ] as const) {
      passing.add(one);
      all.add(one);
      if (distance.delayMs) pipeLate(one, other, distance);
      else one.pipe(other);
      one
        .on('error', () => undefined)
        .once('close', () => {
          other.destroy();
          passing.delete(one);
          all.delete(one);
        });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of passing) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    leadTo(next) {
      port = next;
    },
    silence() {
      for (const socket of passing) socket.unpipe().pause();
      passing.clear();
    },
    refuse() {
      refusing = true;
      cut();
    },
    accept() {
      refusing = false;
    },
    close() {
      for (const socket of all) socket.destroy();
      server.close();
    },
  };
}

/** After so long TCP sends again what nobody has said to have arrived; then after twice as long, and so on. */
const RETRANSMIT_MS = 200;

/** In order, as TCP gives it out: a piece that was lost keeps those behind it waiting. */
function pipeLate(from: Socket, to: Socket, { delayMs = 0, lossPercent = 0 }: Distance): void {
  const chance = chanceOf('a link');
  const queue: (() => void)[] = [];
  let last = 0;
  const later = (then: () => void) => {
    let stallMs = 0;
    for (let wait = RETRANSMIT_MS; chance.below(100) < lossPercent; wait *= 2) stallMs += wait;
    last = Math.max(last, performance.now() + delayMs + stallMs);
    queue.push(then);
    // Timers that are due in the same millisecond ring in any order.
    setTimeout(() => queue.shift()?.(), last - performance.now());
  };
  from.on('data', (piece) => later(() => to.destroyed || to.write(piece)));
  from.once('end', () => later(() => to.end()));
}
