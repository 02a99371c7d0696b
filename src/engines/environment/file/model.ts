import type { DiskFormat } from '../../../model/disk-image/qemu-img.ts';
import type { GuestArch } from '../../../model/guest/guest-spec.ts';

/** What a kvm.yaml declares. Paths are absolute. */
export interface Environment {
  /** The first part of the names of domains and networks on the host. */
  readonly name: string;
  /** The file itself. */
  readonly file: string;
  readonly networks: readonly DeclaredNetwork[];
  readonly guests: readonly DeclaredGuest[];
}

export interface DeclaredNetwork {
  readonly name: string;
  readonly mode: 'nat' | 'isolated' | 'open';
  /** Undefined: a free one is chosen. */
  readonly subnet: string | undefined;
  readonly bridge: string | undefined;
}

export interface DeclaredGuest {
  /** Its name in the file. */
  readonly name: string;
  /** The name of its domain. */
  readonly domain: string;
  readonly source: GuestSource;
  readonly cpus: number;
  readonly memoryKiB: number;
  /** With an image, the first disk is the image's. */
  readonly disks: readonly DeclaredDisk[];
  readonly arch: GuestArch;
  readonly machine: string | undefined;
  readonly firmware: 'bios' | 'uefi' | 'uefi-secure' | undefined;
  readonly tpm: boolean;
  readonly accel: Accel;
  readonly display: boolean;
  /** Undefined: the host's default. */
  readonly networks: readonly DeclaredInterface[] | undefined;
  readonly ports: readonly DeclaredPort[];
  readonly mounts: readonly DeclaredMount[];
  /** Undefined: there is no seed. */
  readonly cloudInit: DeclaredCloudInit | undefined;
  /** Undefined: there is no login over SSH. */
  readonly ssh: { readonly user: string; readonly port: number } | undefined;
  readonly provision: readonly DeclaredScript[];
  readonly env: Readonly<Record<string, string>>;
  readonly dependsOn: readonly string[];
  /** Name or URI; undefined: the first host. */
  readonly host: string | undefined;
  readonly xml: string | undefined;
}

export type Accel = 'auto' | 'kvm' | 'tcg';

export type GuestSource =
  | { readonly kind: 'image'; readonly image: ImageSource }
  | {
      readonly kind: 'kernel';
      readonly kernel: string;
      readonly initrd: string | undefined;
      readonly cmdline: string | undefined;
    }
  | { readonly kind: 'iso'; readonly iso: string }
  | { readonly kind: 'multiboot'; readonly multiboot: string; readonly cmdline: string | undefined };

export type ImageSource =
  | { readonly kind: 'catalogue'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly format: DiskFormat }
  | { readonly kind: 'volume'; readonly pool: string; readonly volume: string; readonly format: DiskFormat }
  | {
      readonly kind: 'url';
      readonly url: string;
      readonly checksum: Checksum;
      readonly format: DiskFormat;
    };

export interface Checksum {
  readonly algorithm: 'sha256' | 'sha512';
  /** Hexadecimal digits in lower case. */
  readonly digest: string;
}

export type DeclaredDisk =
  | {
      readonly kind: 'new';
      /** Undefined for an image's disk that keeps its size. */
      readonly bytes: number | undefined;
      readonly bus: DiskBus;
      readonly format: 'qcow2' | 'raw';
    }
  | { readonly kind: 'file'; readonly path: string; readonly bus: DiskBus; readonly format: 'qcow2' | 'raw' };

export type DiskBus = 'virtio' | 'sata' | 'scsi' | 'ide';

export interface DeclaredInterface {
  readonly to:
    | { readonly kind: 'own'; readonly network: string }
    | { readonly kind: 'host'; readonly network: string }
    | { readonly kind: 'bridge'; readonly bridge: string }
    | { readonly kind: 'user' }
    | { readonly kind: 'passt' };
  readonly mac: string | undefined;
  readonly model: string;
}

export interface DeclaredPort {
  readonly address: string;
  readonly host: number;
  readonly guest: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface DeclaredMount {
  readonly source: string;
  readonly target: string;
  readonly readonly: boolean;
  readonly driver: 'virtiofs' | '9p' | undefined;
}

export interface DeclaredCloudInit {
  readonly user: string;
  readonly hostname: string;
  readonly keys: readonly string[];
  readonly packages: readonly string[];
  readonly runcmd: readonly (string | readonly string[])[];
  readonly userDataFile: string | undefined;
  readonly networkConfigFile: string | undefined;
}

export type DeclaredScript = {
  readonly root: boolean;
} & ({ readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string });
