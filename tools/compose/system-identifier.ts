import { randomBytes } from 'node:crypto';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The file starts with the identifier, and its record ends with a checksum, of whose place each version has its own. */
const CONTROL = 'global/pg_control';
const IDENTIFIER_BYTES = 8;
const LONGEST_RECORD = 512;

/** Of the first page of a segment of WAL, whose header holds the identifier, too: src/include/access/xlog_internal.h. */
const IN_WAL = 24;
const SEGMENT = /^[0-9A-F]{24}$/;

/**
 * Gives a cluster that no server was started on an identifier of its own, made as initdb makes one, so that a copy of a
 * cluster is told from it. False where its files are not those of a fresh cluster, as far as is known here; nothing of
 * them has changed then.
 */
export async function giveIdentifier(directory: string): Promise<boolean> {
  const control = await readFile(join(directory, CONTROL));
  const segments = (await readdir(join(directory, 'pg_wal'))).filter((name) => SEGMENT.test(name));
  const [segment = ''] = segments;
  const checksumAt = placeOfChecksum(control);
  if (segments.length !== 1 || checksumAt === null) return false;
  const wal = await open(join(directory, 'pg_wal', segment), 'r+');
  try {
    const { buffer: known } = await wal.read(Buffer.alloc(IDENTIFIER_BYTES), 0, IDENTIFIER_BYTES, IN_WAL);
    if (!known.equals(control.subarray(0, IDENTIFIER_BYTES))) return false;
    const identifier = makeIdentifier();
    identifier.copy(control);
    control.writeUInt32LE(crc32c(control.subarray(0, checksumAt)), checksumAt);
    await wal.write(identifier, 0, IDENTIFIER_BYTES, IN_WAL);
  } finally {
    await wal.close();
  }
  const file = await open(join(directory, CONTROL), 'r+');
  try {
    await file.write(control, 0, control.length, 0);
  } finally {
    await file.close();
  }
  return true;
}

/** The second in which it is made, and chance where the server takes microseconds and its process id. */
function makeIdentifier(): Buffer {
  const identifier = Buffer.alloc(IDENTIFIER_BYTES);
  randomBytes(IDENTIFIER_BYTES / 2).copy(identifier);
  identifier.writeUInt32LE(Math.floor(Date.now() / 1000), IDENTIFIER_BYTES / 2);
  return identifier;
}

/** Where the checksum of a control file stands that is of all before it; null where there is none, as on a big-endian machine. */
function placeOfChecksum(control: Buffer): number | null {
  for (let at = IDENTIFIER_BYTES; at < Math.min(control.length, LONGEST_RECORD); at += 4)
    if (crc32c(control.subarray(0, at)) === control.readUInt32LE(at)) return at;
  return null;
}

/** The polynomial of Castagnoli, its bits reversed. */
const CASTAGNOLI = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ CASTAGNOLI : rest >>> 1;
  return rest;
});

function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}
