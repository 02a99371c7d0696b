import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { t } from '@vscode/l10n';
import { blankRaster, type Raster } from './raster.ts';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const HEADER_BYTES = 13;
const Color = { RGB: 2, RGBA: 6 } as const;

/** Reads a PNG as QEMU writes it: 8 bits a channel, RGB with or without alpha. @throws Error for any other file. */
export function readPng(file: Buffer): Raster {
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw new Error(t('This is not a PNG picture'));
  const chunks = chunksOf(file);
  const header = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (header === undefined || header.length < HEADER_BYTES)
    throw new Error(t('The PNG picture has no header'));
  const raster = blankRaster(header.readUInt32BE(0), header.readUInt32BE(4));
  const [depth = 0, color = 0, , , interlaced = 0] = header.subarray(8);
  if (depth !== 8 || (color !== Color.RGB && color !== Color.RGBA) || interlaced !== 0)
    throw new Error(
      t(
        'A PNG with bit depth {0}, color type {1} and interlacing {2} is not supported',
        depth,
        color,
        interlaced,
      ),
    );
  const channels = color === Color.RGB ? 3 : 4;
  const lineBytes = raster.width * channels;
  const size = (lineBytes + 1) * raster.height;
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
  const lines = inflateSync(packed, { maxOutputLength: size });
  if (lines.length < size) throw new Error(t('The PNG picture is cut off'));
  unfilter(lines, raster, lineBytes, channels);
  return raster;
}

/** Writes a PNG. */
export function writePng({ width, height, rgb }: Raster): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = Color.RGB;
  const lines = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++)
    rgb.copy(lines, y * (width * 3 + 1) + 1, y * width * 3, (y + 1) * width * 3);
  const data = deflateSync(lines, { level: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function chunksOf(file: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE.length; at + 8 <= file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, Math.min(at + 8 + length, file.length)),
    });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(body.length + 8);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), body.length + 4);
  return result;
}

/** Each line says how it was predicted from the pixels to its left and above. */
function unfilter(lines: Buffer, { width, height, rgb }: Raster, lineBytes: number, channels: number): void {
  let above: Buffer = Buffer.alloc(lineBytes);
  for (let y = 0; y < height; y++) {
    const start = y * (lineBytes + 1);
    const line = lines.subarray(start + 1, start + 1 + lineBytes);
    const filter = lines[start] ?? 0;
    for (let x = 0; x < lineBytes; x++) {
      const left = x < channels ? 0 : (line[x - channels] ?? 0);
      const corner = x < channels ? 0 : (above[x - channels] ?? 0);
      line[x] = (line[x] ?? 0) + predict(filter, left, above[x] ?? 0, corner);
    }
    for (let x = 0; x < width; x++) line.copy(rgb, (y * width + x) * 3, x * channels, x * channels + 3);
    above = line;
  }
}

function predict(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new Error(t('The PNG picture has the unknown filter {0}', filter));
  }
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const byLeft = Math.abs(estimate - left);
  const byUp = Math.abs(estimate - up);
  const byCorner = Math.abs(estimate - corner);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}
