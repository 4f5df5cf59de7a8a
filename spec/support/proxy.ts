import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

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

/** Opens one that leads to a port, which may be told later; what goes either way arrives `delayMs` later. */
export async function openProxy(to = 0, delayMs = 0): Promise<SocketProxy> {
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
      if (delayMs > 0) pipeLate(one, other, delayMs);
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

/** In order, and each piece as late as the others. */
function pipeLate(from: Socket, to: Socket, delayMs: number): void {
  const later = (then: () => void) => void setTimeout(then, delayMs);
  from.on('data', (piece) => later(() => to.destroyed || to.write(piece)));
  from.once('end', () => later(() => to.end()));
}
