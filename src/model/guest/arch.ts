import type { GuestArch, GuestCpu, GuestSpec, GuestType } from './guest-spec.ts';

interface ArchDefaults {
  readonly machine: string;
  /** The emulated CPU that runs most programs; undefined for QEMU's default. */
  readonly emulatedCpu: GuestCpu | undefined;
  /** The first serial port, as Linux names it. */
  readonly console: string;
  readonly cdromBus: 'sata' | 'ide' | 'scsi';
  readonly video: 'vga' | 'virtio';
}

const DEFAULTS: Record<GuestArch, ArchDefaults> = {
  x86_64: {
    machine: 'q35',
    emulatedCpu: { mode: 'maximum' },
    console: 'ttyS0',
    cdromBus: 'sata',
    video: 'vga',
  },
  i686: { machine: 'pc', emulatedCpu: undefined, console: 'ttyS0', cdromBus: 'ide', video: 'vga' },
  // All that QEMU can emulate is slow here (pointer authentication), and its default is a 32-bit CPU.
  aarch64: {
    machine: 'virt',
    emulatedCpu: { model: 'cortex-a57' },
    console: 'ttyAMA0',
    cdromBus: 'scsi',
    video: 'virtio',
  },
  riscv64: { machine: 'virt', emulatedCpu: undefined, console: 'ttyS0', cdromBus: 'scsi', video: 'virtio' },
};

export function archDefaults(arch: GuestArch): ArchDefaults {
  return DEFAULTS[arch];
}

export function isX86(arch: GuestArch): boolean {
  return arch === 'x86_64' || arch === 'i686';
}

/** The CPU of a guest that names none. */
export function defaultCpu(type: GuestType, arch: GuestArch): GuestCpu | undefined {
  return type === 'kvm' ? { mode: 'host-passthrough' } : DEFAULTS[arch].emulatedCpu;
}

/** The bus of a CD-ROM that names none: the old `pc` machine has no SATA. */
export function cdromBus(arch: GuestArch, machine: string): 'sata' | 'ide' | 'scsi' {
  if (arch === 'x86_64' && /^pc($|-i440fx)/.test(machine)) return 'ide';
  if (arch === 'i686' && /q35/.test(machine)) return 'sata';
  return DEFAULTS[arch].cdromBus;
}

/** Whether libvirt accepts `<acpi/>`: it refuses that where only UEFI brings ACPI tables. */
export function hasAcpi({ arch = 'x86_64', firmware }: GuestSpec): boolean {
  return isX86(arch) || (arch === 'aarch64' && firmware !== undefined && firmware !== 'bios');
}
