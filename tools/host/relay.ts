import { Duplex } from 'node:stream';
import { afterMark, newMark } from './noise.ts';
import type { Start } from './start.ts';

/**
 * The last `wait` is not for tidiness: in the official image the postmaster is process 1, so it inherits orphans, and
 * takes one that a signal ended for a crashed backend of its own, upon which it restarts the whole server. So bash
 * must wait for the `cat` that it kills.
 */
const relay = (port: number): string =>
  [
    `exec 3<>/dev/tcp/127.0.0.1/${port} || exit`,
    `printf '%s\\n' "$1"`,
    'cat <&3 & cat <&0 >&3 &',
    // Whichever side goes away, the other is told; a bash before 4.3 refuses `-n`, and waits for the client's.
    'wait -n 2>/dev/null; [ $? -ne 2 ] || wait $!',
    'kill $(jobs -p) 2>/dev/null; wait; exit 0',
  ].join('\n');

/**
 * A stream to a port of the loopback interface where `start` starts programs, PostgreSQL's where nothing is said: bash,
 * which every official postgres image has, relays its standard streams to it. It works where a container publishes no
 * port and sshd forbids forwarding.
 */
export function relayTo(start: Start, port = 5432): Duplex {
  const mark = newMark();
  const child = start(['bash', '--norc', '-c', relay(port), 'relay', mark]);
  const readable = child.stdout.pipe(afterMark(mark));
  const stream = Duplex.from({ readable, writable: child.stdin });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.once('error', (error) => stream.destroy(error));
  // A child that exits while its input is being ended leaves that unfinished, and nobody would be told of the end.
  child.once('close', (code) => {
    if (code !== 0) stream.destroy(new Error(said.trim() || `the relay ended with ${code}`));
    else if (stream.readableEnded) stream.destroy();
    else stream.once('end', () => stream.destroy());
  });
  stream.once('close', () => child.kill());
  return stream;
}
