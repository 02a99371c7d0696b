import type { Random } from './random.ts';

const HEADER_BYTES = 28;
const MIB = 1024 * 1024;
/** Around every limit that a decoder checks, and where signs and overflows begin. */
const NUMBERS = [
  0, 1, 2, 3, 7, 8, 20, 27, 28, 29, 4096, 4097, 16_384, 16_385, 65_536, 65_537,
  4 * MIB, 4 * MIB + 1, 32 * MIB + 4, 32 * MIB + 5, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff,
] as const; // prettier-ignore
const HEADER_FIELDS = { program: 4, version: 8, procedure: 12, type: 16, serial: 20, status: 24 } as const;

type Mutation = (frame: Buffer, random: Random) => Buffer;

/** Damages the body only; the header and its length stay as they should be. */
const bodyMutations: readonly Mutation[] = [
  flipBytes,
  replaceNumber,
  (body, random) => body.subarray(0, random.below(body.length + 1)),
  (body, random) => Buffer.concat([body, random.bytes(random.below(40))]),
  (body, random) => {
    const at = random.below(body.length / 4 + 1) * 4;
    return Buffer.concat([body.subarray(0, at), random.bytes(4), body.subarray(at)]);
  },
  (body, random) => {
    const at = random.below(body.length / 4 + 1) * 4;
    return Buffer.concat([body.subarray(0, at), body.subarray(at + 4)]);
  },
  (body, random) => random.bytes(random.below(body.length + 20)),
];

const frameMutations: readonly Mutation[] = [
  flipBytes,
  changeHeader,
  changeHeader,
  (frame, random) => {
    frame.writeUInt32BE(random.pick(NUMBERS), 0);
    return frame;
  },
  (frame, random) => frame.subarray(0, random.below(frame.length)),
  (frame) => Buffer.concat([frame, frame]),
  (frame, random) => Buffer.concat([random.bytes(random.below(60)), frame]),
];

export function mutateBody(body: Buffer, random: Random): Buffer {
  return random.pick(bodyMutations)(Buffer.from(body), random);
}

/** A frame whose body or header lies; mostly with the length put right, so that it is not refused at the door. */
export function mutateFrame(frame: Buffer, random: Random): Buffer {
  if (random.chance(0.4)) return random.pick(frameMutations)(Buffer.from(frame), random);
  const body = mutateBody(frame.subarray(HEADER_BYTES), random);
  const changed = Buffer.concat([frame.subarray(0, HEADER_BYTES), body]);
  changed.writeUInt32BE(changed.length, 0);
  return changed;
}

/** Pieces of any size, empty ones and single bytes included. */
export function chop(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  const longest = random.pick([1, 3, 16, 100, 5000, bytes.length + 1]);
  for (let start = 0; start < bytes.length;) {
    const length = Math.max(random.below(longest + 1), bytes.length > 20_000 ? 500 : 0);
    pieces.push(bytes.subarray(start, start + length));
    start += length;
  }
  return pieces;
}

function flipBytes(bytes: Buffer, random: Random): Buffer {
  for (let count = random.below(8) + 1; count > 0 && bytes.length > 0; count--)
    bytes[random.below(bytes.length)] = random.uint() & 0xff;
  return bytes;
}

function replaceNumber(bytes: Buffer, random: Random): Buffer {
  const words = Math.floor(bytes.length / 4);
  if (words > 0) bytes.writeUInt32BE(random.pick(NUMBERS), random.below(words) * 4);
  return bytes;
}

function changeHeader(frame: Buffer, random: Random): Buffer {
  const offset = random.pick(Object.values(HEADER_FIELDS));
  const value = random.chance(0.7) ? random.below(9) : random.uint();
  frame.writeUInt32BE(value, offset);
  return frame;
}
