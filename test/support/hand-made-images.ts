/** Archives and disk images written byte by byte, as no honest program writes them. */

const SECTOR = 512;

export interface TarMember {
  readonly name: string;
  readonly data?: Buffer;
  /** `0` for a regular file, `5` for a folder, `x` for pax headers. */
  readonly type?: string;
  /** The field of the size as it is, instead of the size of the data in octal digits. */
  readonly size?: string | Buffer;
}

/** A member of a tar archive: its header, whose sum is right, and its data. */
export function tarMember({ name, data = Buffer.alloc(0), type = '0', size }: TarMember): Buffer {
  const header = Buffer.alloc(SECTOR);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  const field = size ?? `${data.length.toString(8).padStart(11, '0')}\0`;
  if (typeof field === 'string') header.write(field, 124, 12, 'latin1');
  else field.copy(header, 124, 0, 12);
  header.fill(' ', 148, 156);
  header.write(type, 156, 1, 'latin1');
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, data, Buffer.alloc((SECTOR - (data.length % SECTOR)) % SECTOR)]);
}

export function tarArchive(members: readonly TarMember[]): Buffer {
  return Buffer.concat([...members.map(tarMember), Buffer.alloc(2 * SECTOR)]);
}

/** A record of a pax header, which begins with its own length. */
export function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}${rest}`.length !== length) length = `${length}${rest}`.length;
  return Buffer.from(`${length}${rest}`);
}

export interface DescriptorParts {
  readonly createType?: string;
  readonly parentCID?: string;
  /** Lines of the kind `RW 2 FLAT "file" 0`. */
  readonly extents?: readonly string[];
  /** Whatever else is to stand there. */
  readonly more?: string;
}

/** The text that describes a VMDK. */
export function vmdkDescriptor({
  createType = 'monolithicSparse',
  parentCID = 'ffffffff',
  extents = [],
  more = '',
}: DescriptorParts): string {
  return `# Disk DescriptorFile
version=1
CID=00000001
parentCID=${parentCID}
createType="${createType}"
${extents.join('\n')}
${more}
`;
}

/** A sparse VMDK of `capacity` sectors without any data, around a descriptor that may say anything. */
export function sparseVmdk(capacity: number, descriptor: string, descriptorSectors = 20): Buffer {
  const header = Buffer.alloc(SECTOR);
  header.write('KDMV', 0, 'latin1');
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(3, 8);
  header.writeBigUInt64LE(BigInt(capacity), 12);
  header.writeBigUInt64LE(128n, 20);
  header.writeBigUInt64LE(1n, 28);
  header.writeBigUInt64LE(BigInt(descriptorSectors), 36);
  header.writeUInt32LE(512, 44);
  header.writeBigUInt64LE(21n, 56);
  header.writeBigUInt64LE(128n, 64);
  header.write('\n \r\n', 73, 'latin1');
  const text = Buffer.alloc(20 * SECTOR);
  text.write(descriptor, 'latin1');
  return Buffer.concat([header, text, Buffer.alloc(64 * SECTOR)]);
}

/** The description of a machine with a disk for each of these files, in lines of OVF. */
export function ovfEnvelope(files: readonly string[]): string {
  const lines = (line: (file: string, index: number) => string) => files.map(line).join('\n');
  return `<?xml version="1.0"?>
<Envelope>
<References>${lines((file, index) => `<File id="f${index}" href="${file}"/>`)}</References>
<DiskSection>${lines((_, index) => `<Disk diskId="d${index}" fileRef="f${index}"/>`)}</DiskSection>
<VirtualSystem id="machine"><VirtualHardwareSection>
<Item><InstanceID>c</InstanceID><ResourceType>6</ResourceType></Item>
${lines((_, index) => `<Item><InstanceID>${index}</InstanceID><Parent>c</Parent><ResourceType>17</ResourceType><HostResource>ovf:/disk/d${index}</HostResource></Item>`)}
</VirtualHardwareSection></VirtualSystem>
</Envelope>`;
}
