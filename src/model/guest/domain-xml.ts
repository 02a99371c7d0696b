import { element, type NewElement, writeXml } from '../../language/xml/build.ts';
import { archDefaults, defaultCpu, hasAcpi, isX86 } from './arch.ts';
import { deviceElements } from './device-xml.ts';
import type { GuestCpu, GuestSpec } from './guest-spec.ts';
import { mergeDomain } from './merge-xml.ts';

const QEMU_NAMESPACE = 'http://libvirt.org/schemas/domain/qemu/1.0';

/**
 * The libvirt domain of a machine: text for `virDomainDefineXML` or `virDomainCreateXML`.
 * @param patch a `<domain>` of a person's that is merged into it, see {@link mergeDomain}
 * @throws RangeError when a text of it cannot be in XML
 */
export function domainXml(spec: GuestSpec, patch?: string): string {
  const domain = domainElement(spec);
  return writeXml(patch === undefined ? domain : mergeDomain(domain, patch));
}

/** The same before it is written. */
function domainElement(spec: GuestSpec): NewElement {
  const { name, uuid, title, type, memoryKiB, vcpus = 1, metadata = [], onReboot, onCrash } = spec;
  const qemu = qemuCommandline(spec);
  return element(
    'domain',
    { type, 'xmlns:qemu': qemu === undefined ? undefined : QEMU_NAMESPACE },
    element('name', {}, name),
    optional('uuid', uuid),
    optional('title', title),
    metadata.length === 0 ? undefined : element('metadata', {}, ...metadata),
    element('memory', { unit: 'KiB' }, memoryKiB),
    memoryBacking(spec),
    element('vcpu', {}, vcpus),
    os(spec),
    features(spec),
    cpu(spec),
    optional('on_reboot', onReboot),
    optional('on_crash', onCrash),
    element('devices', {}, optional('emulator', spec.emulator), ...deviceElements(spec)),
    qemu,
  );
}

function optional(name: string, text: string | undefined): NewElement | undefined {
  return text === undefined ? undefined : element(name, {}, text);
}

/** virtiofs works on memory that both sides have. */
function memoryBacking({ filesystems = [] }: GuestSpec): NewElement | undefined {
  if (!filesystems.some(({ driver }) => driver === 'virtiofs')) return undefined;
  return element(
    'memoryBacking',
    {},
    element('source', { type: 'memfd' }),
    element('access', { mode: 'shared' }),
  );
}

function os(spec: GuestSpec): NewElement {
  const { arch = 'x86_64', machine = archDefaults(arch).machine, direct, firmware, disks = [] } = spec;
  const uefi = firmware === 'uefi' || firmware === 'uefi-secure';
  const secure = firmware === 'uefi-secure';
  const order = spec.bootOrder ?? [
    ...(disks.some(({ device }) => device !== 'cdrom') ? (['hd'] as const) : []),
    ...(disks.some(({ device }) => device === 'cdrom') ? (['cdrom'] as const) : []),
  ];
  return element(
    'os',
    { firmware: uefi ? 'efi' : undefined },
    element('type', { arch, machine }, 'hvm'),
    uefi && isX86(arch)
      ? element(
          'firmware',
          {},
          element('feature', { enabled: secure ? 'yes' : 'no', name: 'secure-boot' }),
          secure ? element('feature', { enabled: 'yes', name: 'enrolled-keys' }) : undefined,
        )
      : undefined,
    secure ? element('loader', { secure: 'yes' }) : undefined,
    optional('kernel', direct?.kernel),
    optional('initrd', direct?.initrd),
    optional('cmdline', direct?.cmdline),
    optional('dtb', direct?.dtb),
    ...(direct === undefined ? order.map((dev) => element('boot', { dev })) : []),
  );
}

function features(spec: GuestSpec): NewElement | undefined {
  const { arch = 'x86_64', firmware } = spec;
  const content = [
    hasAcpi(spec) ? element('acpi') : undefined,
    isX86(arch) ? element('apic') : undefined,
    firmware === 'uefi-secure' ? element('smm', { state: 'on' }) : undefined,
  ].filter((each) => each !== undefined);
  return content.length === 0 ? undefined : element('features', {}, ...content);
}

function cpu({ type, arch = 'x86_64', cpu = defaultCpu(type, arch) }: GuestSpec): NewElement | undefined {
  return cpu === undefined ? undefined : cpuElement(cpu);
}

function cpuElement(cpu: GuestCpu): NewElement {
  if ('mode' in cpu) return element('cpu', { mode: cpu.mode });
  const features = Object.entries(cpu.features ?? {});
  return element(
    'cpu',
    { mode: 'custom', match: 'exact' },
    element('model', { fallback: 'forbid' }, cpu.model),
    ...features.map(([name, policy]) => element('feature', { policy, name })),
  );
}

function qemuCommandline(spec: GuestSpec): NewElement | undefined {
  const values = spec.qemuArguments ?? [];
  if (values.length === 0) return undefined;
  return element('qemu:commandline', {}, ...values.map((value) => element('qemu:arg', { value })));
}
