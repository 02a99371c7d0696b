import { t } from '@vscode/l10n';
import { GUEST_ARCHES, type GuestArch } from '../../model/guest/guest-spec.ts';
import { DebugError } from './error.ts';

/** What both requests have. Paths of symbols are this machine's. */
interface CommonConfiguration {
  readonly name: string;
  /** The name or URI of a host; without it, the one that has the domain, or the first. */
  readonly host: string | undefined;
  /** An ELF file with the symbols of what runs in the guest. */
  readonly program: string | undefined;
  /** The symbols of a Linux kernel, or `auto` to look for them. */
  readonly vmlinux: string | undefined;
  readonly gdb: string | undefined;
  /** The type of another debugger that gets the session; `gdb` is ours. */
  readonly debugger: string;
  readonly hardwareBreakpoints: boolean | undefined;
  readonly checkSymbols: boolean;
  /** Commands for gdb, once it is connected and before the guest runs. */
  readonly commands: readonly string[];
  /** Load what the kernel's build has for gdb (`vmlinux-gdb.py`), after asking. */
  readonly scripts: boolean;
  /** Folders as the program has them, and where the same files are on this machine. */
  readonly sourceFileMap: readonly (readonly [from: string, to: string])[];
  readonly verbose: boolean;
}

export interface AttachConfiguration extends CommonConfiguration {
  readonly request: 'attach';
  /** By name or UUID. */
  readonly domain: string;
}

/** What a launched guest is made of; paths are of the host. */
export interface BootConfiguration {
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
  readonly cmdline: string | undefined;
  /** A disk image, which the guest writes to. */
  readonly image: string | undefined;
  readonly arch: GuestArch | undefined;
  readonly machine: string | undefined;
  readonly memoryMiB: number | undefined;
  readonly vcpus: number | undefined;
  readonly acceleration: 'tcg' | 'kvm';
}

export interface LaunchConfiguration extends CommonConfiguration {
  readonly request: 'launch';
  /** A domain that is there already and shut off, instead of one made for the session. */
  readonly domain: string | undefined;
  readonly boot: BootConfiguration;
  readonly stopAtEntry: boolean;
  readonly record: boolean;
  /** The folder of a recording that is to be replayed. */
  readonly replay: string | undefined;
}

export type KvmConfiguration = AttachConfiguration | LaunchConfiguration;

/** libvirt calls i386 i686. */
const ARCH_NAMES: Readonly<Record<string, GuestArch>> = {
  i386: 'i686',
  i486: 'i686',
  i586: 'i686',
  amd64: 'x86_64',
  arm64: 'aarch64',
};

type Raw = Readonly<Record<string, unknown>>;

/** Reads what stands in a launch.json. @throws DebugError that names the field. */
export function readConfiguration(raw: Raw): KvmConfiguration {
  const common = {
    name: text(raw, 'name') ?? 'KVM',
    host: text(raw, 'host'),
    program: text(raw, 'program'),
    vmlinux: text(raw, 'vmlinux'),
    gdb: text(raw, 'gdb'),
    debugger: text(raw, 'debugger') ?? 'gdb',
    hardwareBreakpoints: flag(raw, 'hardwareBreakpoints'),
    checkSymbols: flag(raw, 'checkSymbols') ?? true,
    commands: texts(raw, 'commands'),
    scripts: flag(raw, 'scripts') ?? true,
    sourceFileMap: pairs(raw, 'sourceFileMap'),
    verbose: flag(raw, 'verbose') ?? false,
  };
  if (raw['request'] === 'attach') {
    const domain = text(raw, 'domain');
    if (domain === undefined)
      throw new DebugError('configuration', t('The configuration does not say which “domain” to attach to'));
    return { ...common, request: 'attach', domain };
  }
  if (raw['request'] === 'launch') return readLaunch(raw, common);
  throw new DebugError('configuration', t('The “request” of the configuration must be attach or launch'));
}

function readLaunch(raw: Raw, common: CommonConfiguration): LaunchConfiguration {
  const domain = text(raw, 'domain');
  const record = flag(raw, 'record') ?? false;
  const boot: BootConfiguration = {
    kernel: text(raw, 'kernel'),
    initrd: text(raw, 'initrd'),
    cmdline: text(raw, 'cmdline'),
    image: text(raw, 'image'),
    arch: arch(raw),
    machine: text(raw, 'machine'),
    memoryMiB: count(raw, 'memory'),
    vcpus: count(raw, 'vcpus'),
    acceleration: choice(raw, 'acceleration', ['tcg', 'kvm']) ?? 'tcg',
  };
  const replay = text(raw, 'replay');
  if (domain === undefined && boot.kernel === undefined && boot.image === undefined && replay === undefined)
    throw new DebugError(
      'configuration',
      t('The configuration does not say what to boot'),
      t('Set “kernel”, “image” or “domain”.'),
    );
  if (domain !== undefined && (boot.kernel ?? boot.image) !== undefined)
    throw new DebugError(
      'configuration',
      t('A “domain” brings its own kernel and image'),
      t('Remove “kernel” and “image”, or the “domain”.'),
    );
  if (record && domain !== undefined)
    throw new DebugError(
      'configuration',
      t('Only a guest that is made for the session can be recorded'),
      t('Set “kernel” instead of “domain”.'),
    );
  if (record && boot.acceleration === 'kvm')
    throw new DebugError(
      'configuration',
      t('QEMU can only record emulated guests'),
      t('Remove “acceleration”.'),
    );
  if (record && (boot.vcpus ?? 1) > 1)
    throw new DebugError(
      'configuration',
      t('QEMU can only record guests with one vCPU'),
      t('Remove “vcpus”.'),
    );
  return {
    ...common,
    request: 'launch',
    domain,
    boot,
    stopAtEntry: flag(raw, 'stopAtEntry') ?? false,
    record,
    replay,
  };
}

function text(raw: Raw, field: string): string | undefined {
  const value = raw[field];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw wrong(t('“{0}” in the configuration must be a string', field));
}

function texts(raw: Raw, field: string): readonly string[] {
  const value = raw[field];
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((each): each is string => typeof each === 'string')) return value;
  throw wrong(t('“{0}” in the configuration must be a list of strings', field));
}

function pairs(raw: Raw, field: string): readonly (readonly [string, string])[] {
  const value = raw[field];
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries: [string, unknown][] = Object.entries(value);
    if (entries.every((entry): entry is [string, string] => isFolder(entry[0]) && isFolder(entry[1])))
      return entries;
  }
  throw wrong(
    t(
      '“{0}” in the configuration must map folders of the program to folders here, such as {1}',
      field,
      '{ "/build": "/home/me/src" }',
    ),
  );
}

/** A line more would be another command for gdb. */
function isFolder(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/[\n\r]/.test(value);
}

function flag(raw: Raw, field: string): boolean | undefined {
  const value = raw[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrong(t('“{0}” in the configuration must be true or false', field));
}

function count(raw: Raw, field: string): number | undefined {
  const value = raw[field];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw wrong(t('“{0}” in the configuration must be a whole number above 0', field));
}

function choice<T extends string>(raw: Raw, field: string, values: readonly T[]): T | undefined {
  const value = text(raw, field);
  const found = values.find((each) => each === value);
  if (value !== undefined && found === undefined)
    throw wrong(t('“{0}” in the configuration must be one of {1}', field, values.join(', ')));
  return found;
}

function arch(raw: Raw): GuestArch | undefined {
  const value = text(raw, 'arch');
  if (value === undefined) return undefined;
  const found = GUEST_ARCHES.find((each) => each === (ARCH_NAMES[value] ?? value));
  if (found === undefined)
    throw wrong(t('“{0}” in the configuration must be one of {1}', 'arch', GUEST_ARCHES.join(', ')));
  return found;
}

function wrong(message: string): DebugError {
  return new DebugError('configuration', message);
}
