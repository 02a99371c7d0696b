import type { DiskFormat } from '../disk-image/qemu-img.ts';
import type { NewElement } from '../../language/xml/build.ts';

/** The architectures whose machines we know; libvirt's names. */
export const GUEST_ARCHES = ['x86_64', 'i686', 'aarch64', 'riscv64'] as const;
export type GuestArch = (typeof GUEST_ARCHES)[number];

/** `qemu` is emulation (TCG). */
export type GuestType = 'kvm' | 'qemu';

/** A machine to define. Fields that are left out get the default of the architecture. Paths are the host's. */
export interface GuestSpec {
  readonly name: string;
  readonly uuid?: string | undefined;
  readonly title?: string | undefined;
  readonly type: GuestType;
  /** By default x86_64. */
  readonly arch?: GuestArch | undefined;
  /** The QEMU to run; libvirt finds the one of the architecture by itself. */
  readonly emulator?: string | undefined;
  /** By default q35, pc (i686) or virt. */
  readonly machine?: string | undefined;
  readonly memoryKiB: number;
  /** By default 1. */
  readonly vcpus?: number | undefined;
  /** By default the host's CPU with KVM, and without it the best CPU that QEMU emulates. */
  readonly cpu?: GuestCpu | undefined;
  /** Boots a kernel that the host has instead of a disk. */
  readonly direct?: DirectBoot | undefined;
  /** By default the architecture's own (BIOS on x86); aarch64 boots disks with uefi only. */
  readonly firmware?: 'bios' | 'uefi' | 'uefi-secure' | undefined;
  /** Tried in this order; by default the disks, then the CD-ROMs. */
  readonly bootOrder?: readonly ('hd' | 'cdrom' | 'network')[] | undefined;
  readonly disks?: readonly GuestDisk[] | undefined;
  readonly interfaces?: readonly GuestInterface[] | undefined;
  readonly serials?: readonly GuestSerial[] | undefined;
  readonly filesystems?: readonly GuestFilesystem[] | undefined;
  /** None by default. VNC, on this machine's loopback only. */
  readonly graphics?: GuestGraphics | undefined;
  /** An emulated TPM 2.0, which needs swtpm on the host. */
  readonly tpm?: boolean | undefined;
  /** A source of randomness from the host: on by default where there is PCI. */
  readonly rng?: boolean | undefined;
  /** Lets the host take memory back; off by default. */
  readonly balloon?: boolean | undefined;
  /** The channel of the QEMU guest agent. */
  readonly agent?: boolean | undefined;
  /** A device to which a Linux guest reports its panic. On x86 only: other machines need libvirt 9.1. */
  readonly panic?: boolean | undefined;
  readonly onReboot?: 'restart' | 'destroy' | undefined;
  readonly onCrash?: 'destroy' | 'restart' | 'preserve' | 'coredump-destroy' | undefined;
  /** Elements of namespaces of their own. */
  readonly metadata?: readonly NewElement[] | undefined;
  /** Passed to QEMU as they are: libvirt knows nothing of them. */
  readonly qemuArguments?: readonly string[] | undefined;
}

export type GuestCpu =
  /** A mode of libvirt's. */
  | { readonly mode: 'host-passthrough' | 'host-model' | 'maximum' }
  /** A model of QEMU's, with features to add or take away. */
  | {
      readonly model: string;
      readonly features?: Readonly<Record<string, 'require' | 'disable'>> | undefined;
    };

export interface DirectBoot {
  /** A Linux image, a multiboot or plain ELF: whatever QEMU's `-kernel` takes. */
  readonly kernel: string;
  readonly initrd?: string | undefined;
  readonly cmdline?: string | undefined;
  readonly dtb?: string | undefined;
}

/** An image that another one starts from. */
export interface BackingImage {
  readonly file: string;
  readonly format: string;
  /** Whether it may start from another one in its turn, which the host then finds by itself. */
  readonly hasOwn: boolean;
}

export interface GuestDisk {
  readonly source:
    | { readonly file: string }
    | { readonly block: string }
    | { readonly pool: string; readonly volume: string };
  /** By default a disk. */
  readonly device?: 'disk' | 'cdrom' | undefined;
  readonly format: DiskFormat;
  /** By default virtio; for a CD-ROM sata (q35), ide (pc) or scsi. */
  readonly bus?: 'virtio' | 'sata' | 'scsi' | 'ide' | 'usb' | undefined;
  readonly readonly?: boolean | undefined;
  /** What the guest writes is lost when it stops. */
  readonly transient?: boolean | undefined;
  readonly serial?: string | undefined;
  /** What the image starts from. Without it, nothing that the image names is opened. */
  readonly backing?: BackingImage | undefined;
}

export interface PortForward {
  readonly protocol?: 'tcp' | 'udp' | undefined;
  /** The address to listen on; 127.0.0.1 by default. */
  readonly address?: string | undefined;
  readonly hostPort: number;
  readonly guestPort: number;
}

export type GuestInterface = {
  readonly mac?: string | undefined;
  /** By default virtio. */
  readonly model?: string | undefined;
} & (
  | { readonly kind: 'network'; readonly network: string }
  | { readonly kind: 'bridge'; readonly bridge: string }
  /**
   * QEMU's own user networking (SLIRP): needs no right and no daemon. libvirt has no element for its ports: they
   * are opened at the monitor of the running guest (`hostfwd_add`), and change without a restart.
   */
  | { readonly kind: 'user' }
  /** passt: needs the program, and a libvirt that knows it (11.3 does, 9.0 does not). */
  | { readonly kind: 'passt'; readonly forwards?: readonly PortForward[] | undefined }
);

export interface GuestSerial {
  /** A file of the host that gets a copy of the output. */
  readonly log?: string | undefined;
}

export interface GuestFilesystem {
  readonly driver: 'virtiofs' | '9p';
  /** A directory of the host. */
  readonly source: string;
  /** The tag by which the guest mounts it. */
  readonly tag: string;
  readonly readonly?: boolean | undefined;
}

export interface GuestGraphics {
  /** By default VNC on the loopback, at a port of libvirt's choice. `socket` has no port at all. */
  readonly listen?: 'loopback' | 'socket' | undefined;
  readonly video?: 'virtio' | 'vga' | 'bochs' | undefined;
}
