import type { TypedParameter } from '../../rpc/types.ts';
import { type GuestInterface, ipAddresses } from '../ip-address.ts';
import { ParameterTree } from '../parameters.ts';

export interface GuestUser {
  readonly name: string | undefined;
  /** Only where users have domains (Windows). */
  readonly domain: string | undefined;
  /** In ms since 1970. */
  readonly loginTimeMs: number | undefined;
}

export interface GuestOs {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly prettyName: string | undefined;
  readonly version: string | undefined;
  readonly versionId: string | undefined;
  readonly kernelRelease: string | undefined;
  readonly kernelVersion: string | undefined;
  readonly machine: string | undefined;
  readonly variant: string | undefined;
  readonly variantId: string | undefined;
}

export interface GuestTimezone {
  readonly name: string | undefined;
  /** In seconds, east of UTC is positive. */
  readonly offset: number | undefined;
}

export interface GuestFileSystemUse {
  readonly mountPoint: string | undefined;
  readonly name: string | undefined;
  readonly type: string | undefined;
  /** In bytes. */
  readonly total: bigint | undefined;
  readonly used: bigint | undefined;
  readonly disks: readonly {
    readonly alias: string | undefined;
    readonly serial: string | undefined;
    readonly device: string | undefined;
  }[];
}

export interface GuestDisk {
  readonly name: string | undefined;
  readonly partition: boolean | undefined;
  /** The devices that this one lies on. */
  readonly dependencies: readonly string[];
  readonly serial: string | undefined;
  /** The target of the domain's disk, such as `vda`. */
  readonly alias: string | undefined;
  readonly guestAlias: string | undefined;
}

/** What the agent said; what was not asked for, or is not known to it, is undefined or empty. */
export interface GuestInfo {
  readonly hostname: string | undefined;
  readonly os: GuestOs | undefined;
  readonly timezone: GuestTimezone | undefined;
  readonly users: readonly GuestUser[];
  readonly fileSystems: readonly GuestFileSystemUse[];
  readonly disks: readonly GuestDisk[];
  readonly interfaces: readonly GuestInterface[];
}

/** Reads the parameters of `virDomainGetGuestInfo`. */
export function guestInfo(parameters: readonly TypedParameter[]): GuestInfo {
  const tree = new ParameterTree(parameters);
  return {
    hostname: tree.text('hostname'),
    os: tree.at('os').isEmpty ? undefined : guestOs(tree.at('os')),
    timezone: tree.at('timezone').isEmpty
      ? undefined
      : { name: tree.text('timezone', 'name'), offset: tree.number('timezone', 'offset') },
    users: tree.numbered('user').map(([, user]) => ({
      name: user.text('name'),
      domain: user.text('domain'),
      loginTimeMs: user.number('login-time'),
    })),
    fileSystems: tree.numbered('fs').map(([, fileSystem]) => fileSystemUse(fileSystem)),
    disks: tree.numbered('disk').map(([, disk]) => guestDisk(disk)),
    interfaces: tree.numbered('if').map(([, device]) => guestInterface(device)),
  };
}

function guestOs(os: ParameterTree): GuestOs {
  return {
    id: os.text('id'),
    name: os.text('name'),
    prettyName: os.text('pretty-name'),
    version: os.text('version'),
    versionId: os.text('version-id'),
    kernelRelease: os.text('kernel-release'),
    kernelVersion: os.text('kernel-version'),
    machine: os.text('machine'),
    variant: os.text('variant'),
    variantId: os.text('variant-id'),
  };
}

function fileSystemUse(fileSystem: ParameterTree): GuestFileSystemUse {
  return {
    mountPoint: fileSystem.text('mountpoint'),
    name: fileSystem.text('name'),
    type: fileSystem.text('fstype'),
    total: fileSystem.bigint('total-bytes'),
    used: fileSystem.bigint('used-bytes'),
    disks: fileSystem.numbered('disk').map(([, disk]) => ({
      alias: disk.text('alias'),
      serial: disk.text('serial'),
      device: disk.text('device'),
    })),
  };
}

function guestDisk(disk: ParameterTree): GuestDisk {
  return {
    name: disk.text('name'),
    partition: disk.boolean('partition'),
    dependencies: disk.numbered('dependency').flatMap(([, dependency]) => dependency.text('name') ?? []),
    serial: disk.text('serial'),
    alias: disk.text('alias'),
    guestAlias: disk.text('guest_alias'),
  };
}

function guestInterface(device: ParameterTree): GuestInterface {
  return {
    name: device.text('name') ?? '',
    mac: device.text('hwaddr'),
    addresses: ipAddresses(
      device.numbered('addr').map(([, address]) => ({
        address: address.text('addr') ?? '',
        prefix: address.number('prefix') ?? 0,
      })),
    ),
  };
}
