/** `virIPAddrType`. */
export type IpVersion = 4 | 6;

export interface IpAddress {
  readonly version: IpVersion;
  readonly address: string;
  /** The length of the network's prefix, in bits. */
  readonly prefix: number;
}

/** A network interface as its guest knows it. */
export interface GuestInterface {
  readonly name: string;
  readonly mac: string | undefined;
  readonly addresses: readonly IpAddress[];
}

/** `virIPAddrType` in words. */
export function ipVersion(type: number): IpVersion {
  return type === 1 ? 6 : 4;
}
