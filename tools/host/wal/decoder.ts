/**
 * PostgreSQL's write-ahead log, as far as it says which rows were changed: by what a server writes there, exactly that is
 * known, and reading it costs the server nothing. The layout is that of access/xlogrecord.h and its like; it is the same
 * in all of MAJORS but for the flags of page images.
 */
export interface WalRecord {
  xid: number;
  manager: number;
  info: number;
  /** The relations of its blocks, in order. */
  relations: WalRelation[];
  /** What the record's own manager reads. */
  main: Buffer;
}

export interface WalRelation {
  database: number;
  node: number;
}

/** What is read is no log, or one of a layout that is not known here. */
export class WalError extends Error {
  override name = 'WalError';
}

/** The first and the last of PostgreSQL's versions whose log was read; another one may write it in another way. */
const MAJORS = [14, 18] as const;

/** Throws WalError where the log of a server of this major version cannot be read. */
export function requireReadable(major: number): void {
  const [first, last] = MAJORS;
  if (major >= first && major <= last) return;
  throw new WalError(`this is PostgreSQL ${major}, and the log is read of versions ${first} to ${last}`);
}

const PAGE = 8192;
const PAGE_HEADER = 24;
const SEGMENT_HEADER = 40;
const RECORD_HEADER = 24;
const MOST_BYTES = 1024 * 1024 * 1024;

/** Record managers, by their numbers, and what of a record's info says what it is. */
const XLOG = 0;
const SWITCH = 0x40;
const OPERATION = 0xf0;

/** Reads records out of bytes that come in pieces; positions are the server's, as numbers. */
export class WalDecoder {
  #data: Buffer = Buffer.alloc(0);
  /** The position of the first byte of the data, and of the next record. */
  #base: number;
  #at: number;
  #last: number | null = null;
  readonly #segmentBytes: number;
  readonly #major: number;

  /** `start` is where a record begins; `major` is the server's version. */
  constructor(start: number, segmentBytes: number, major: number) {
    this.#segmentBytes = segmentBytes;
    this.#major = major;
    this.#base = start;
    this.#at = start;
  }

  /** The records that are whole with these bytes, which follow the ones before. Throws WalError. */
  *push(bytes: Buffer): Generator<WalRecord> {
    this.#data = Buffer.concat([this.#data, bytes]);
    for (;;) {
      const begin = this.#skipHeader(this.#at);
      const head = this.#read(begin, RECORD_HEADER);
      if (!head) break;
      const length = head.bytes.readUInt32LE(0);
      if (length === 0) break;
      if (length < RECORD_HEADER || length > MOST_BYTES) throw new WalError(`a record of ${length} bytes`);
      const whole = this.#read(begin, length);
      if (!whole) break;
      const before = Number(head.bytes.readBigUInt64LE(8));
      if (this.#last !== null && before !== this.#last)
        throw new WalError('a record that does not follow the last');
      const record = decodeRecord(whole.bytes, this.#major);
      const isSwitch = record.manager === XLOG && (record.info & OPERATION) === SWITCH;
      this.#last = begin;
      this.#at = isSwitch
        ? Math.ceil(whole.end / this.#segmentBytes) * this.#segmentBytes
        : Math.ceil(whole.end / 8) * 8;
      yield record;
    }
    const known = Math.min(this.#at - this.#base, this.#data.length);
    this.#data = this.#data.subarray(known);
    this.#base += known;
  }

  #skipHeader(at: number): number {
    if (at % PAGE !== 0) return at;
    return at + (at % this.#segmentBytes === 0 ? SEGMENT_HEADER : PAGE_HEADER);
  }

  /** So many bytes without the pages' headers, and where they end; null where they have not all come. */
  #read(from: number, length: number): { bytes: Buffer; end: number } | null {
    const parts: Buffer[] = [];
    let at = from;
    for (let left = length; left > 0; ) {
      at = this.#skipHeader(at);
      const bytes = Math.min(left, PAGE - (at % PAGE));
      const offset = at - this.#base;
      if (offset + bytes > this.#data.length) return null;
      parts.push(this.#data.subarray(offset, offset + bytes));
      left -= bytes;
      at += bytes;
    }
    return { bytes: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), end: at };
  }
}

const HAS_IMAGE = 0x10;
const HAS_DATA = 0x20;
const SAME_RELATION = 0x80;
const [SHORT_DATA, LONG_DATA, ORIGIN, TOP_XID] = [255, 254, 253, 252];
const MOST_BLOCKS = 32;

function decodeRecord(bytes: Buffer, major: number): WalRecord {
  const relations: WalRelation[] = [];
  let [at, dataBytes, mainBytes] = [RECORD_HEADER, 0, 0];
  while (bytes.length - at > dataBytes) {
    const id = bytes.readUInt8(at++);
    if (id === SHORT_DATA || id === LONG_DATA) {
      mainBytes = id === SHORT_DATA ? bytes.readUInt8(at) : bytes.readUInt32LE(at);
      at += id === SHORT_DATA ? 1 : 4;
      dataBytes += mainBytes;
      break;
    }
    if (id === ORIGIN) at += 2;
    else if (id === TOP_XID) at += 4;
    else if (id > MOST_BLOCKS) throw new WalError(`a block of number ${id}`);
    else {
      const flags = bytes.readUInt8(at);
      if (flags & HAS_DATA) dataBytes += bytes.readUInt16LE(at + 1);
      at += 3;
      if (flags & HAS_IMAGE) {
        dataBytes += bytes.readUInt16LE(at);
        at += hasHoleLength(bytes.readUInt8(at + 4), major) ? 7 : 5;
      }
      if ((flags & SAME_RELATION) === 0) {
        relations.push({ database: bytes.readUInt32LE(at + 4), node: bytes.readUInt32LE(at + 8) });
        at += 12;
      }
      at += 4;
    }
  }
  if (at + dataBytes !== bytes.length) throw new WalError('a record that is not as long as it says');
  return {
    xid: bytes.readUInt32LE(4),
    info: bytes.readUInt8(16),
    manager: bytes.readUInt8(17),
    relations,
    main: bytes.subarray(bytes.length - mainBytes),
  };
}

/** Of a compressed image with a hole in it, the hole's length follows. */
function hasHoleLength(flags: number, major: number): boolean {
  const compressed = major >= 15 ? 0x1c : 0x02;
  return (flags & 0x01) !== 0 && (flags & compressed) !== 0;
}
