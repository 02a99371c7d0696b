import { deflateSync } from 'node:zlib';

/** What a VNC server says, for clients that are to be tried. */

const NAME = 'hostile';
const TRUE_COLOUR = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];

export const Encoding = {
  RAW: 0,
  COPY_RECT: 1,
  CURSOR: -239,
  DESKTOP_SIZE: -223,
  POINTER_MOTION: -257,
} as const;

const u16 = (value: number) => [value >> 8, value & 0xff];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** Everything up to where a picture can be sent, in the pieces that a server sends as it is answered. */
export function welcome(width: number, height: number): readonly Uint8Array[] {
  const init = [...u16(width), ...u16(height), ...TRUE_COLOUR, ...u32(NAME.length), ...Buffer.from(NAME)];
  return [Buffer.from('RFB 003.008\n'), Uint8Array.of(1, 1, 0, 0, 0, 0), Uint8Array.from(init)];
}

/** An update with one rectangle. */
export function rectangle(
  [x, y, width, height]: readonly [number, number, number, number],
  encoding: number,
  data: readonly number[] = [],
): Uint8Array {
  const place = [x, y, width, height].flatMap(u16);
  return Uint8Array.from([0, 0, 0, 1, ...place, ...u32(encoding), ...data]);
}

/** A text for the clipboard that is `claimed` to be so long. */
export function cutText(text: string, claimed = text.length): Uint8Array {
  return Uint8Array.from([3, 0, 0, 0, ...u32(claimed), ...Buffer.from(text, 'latin1')]);
}

/** A compressed text of the clipboard extension, which says that it is `claimed` bytes long. */
export function compressedText(text: Buffer, claimed = text.length): Uint8Array {
  const provide = 1 << 28;
  const data = deflateSync(Buffer.concat([Buffer.from(u32(claimed)), text]));
  const length = 4 + data.length;
  return Buffer.concat([Buffer.from([3, 0, 0, 0, ...u32(-length), ...u32(provide | 1)]), data]);
}
