/** Its size is in its first volume descriptor, in blocks of 2 KiB. */
export function isWholeDisc(data: Buffer): boolean {
  return (
    data.toString('latin1', 0x80_01, 0x80_06) === 'CD001' &&
    data.readUInt32LE(0x80_00 + 80) * 2048 <= data.length
  );
}
