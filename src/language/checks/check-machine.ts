import { t } from '@vscode/l10n';
import type { Fix } from '../schema/diagnostic.ts';
import { attributeBelow, elementBelow, valueBelow } from '../xml/find.ts';
import { childElement, type TextRange, type XmlElement } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { addition, removal, setting } from './remedy.ts';

/** What a machine does not have, or does not have without something else. */
export function checkMachine(view: DomainView): Finding[] {
  return [acpi, uefiWithoutAcpi, secureBoot, iommu, gic, armInput, ideController].flatMap((check) =>
    check(view),
  );
}

function finding(
  range: TextRange,
  code: string,
  message: string,
  fixes: readonly Fix[],
  anchor: string,
): Finding {
  const { start, end } = range;
  return { start, end, code, message, fixes, reference: `formatdomain.html#${anchor}` };
}

/** Arm's `virt` has ACPI when its firmware is UEFI, and its boards never have. */
function acpi({ root, text, arch, machine }: DomainView): Finding[] {
  const feature = elementBelow(root, 'features/acpi');
  if (feature === undefined || arch !== 'aarch64') return [];
  const isBoard = machine !== '' && !/^(?:virt|sbsa)/.test(machine);
  if (isBoard)
    return [
      finding(
        nameRange(feature),
        'no-acpi',
        t('The machine {0} has no ACPI; libvirt refuses a domain that asks for it.', machine),
        [removal(text, feature, true)],
        'hypervisor-features',
      ),
    ];
  const os = childElement(root, 'os');
  if (os === undefined || valueBelow(os, 'firmware') === 'efi' || childElement(os, 'loader') !== undefined)
    return [];
  return [
    finding(
      nameRange(feature),
      'acpi-without-uefi',
      t('ACPI comes with UEFI on {0}, and this domain has no UEFI firmware; libvirt refuses that.', arch),
      [removal(text, feature), setting(os, 'firmware', 'efi')],
      'bios-bootloader',
    ),
  ];
}

function uefiWithoutAcpi({ root, text, family }: DomainView): Finding[] {
  const os = childElement(root, 'os');
  if (os === undefined || (family !== 'pc' && family !== 'q35')) return [];
  if (elementBelow(root, 'features/acpi') !== undefined) return [];
  const firmware = attributeBelow(os, 'firmware');
  const loader = attributeBelow(os, 'loader@type');
  const uefi = firmware?.value === 'efi' ? firmware : loader?.value === 'pflash' ? loader : undefined;
  if (uefi === undefined) return [];
  return [
    finding(
      valueRange(uefi),
      'uefi-without-acpi',
      t('UEFI needs ACPI on this architecture, and <features> has no <acpi/>; libvirt refuses that.'),
      [addition(text, root, 'features', '<acpi/>', true)],
      'hypervisor-features',
    ),
  ];
}

/** Only the System Management Mode of Q35 protects what secure boot trusts. */
function secureBoot({ root, text, family }: DomainView): Finding[] {
  const os = childElement(root, 'os');
  const secure = os && attributeBelow(os, 'loader@secure');
  if (os === undefined || secure?.value !== 'yes' || (family !== 'pc' && family !== 'q35')) return [];
  if (family === 'pc')
    return [
      finding(
        valueRange(secure),
        'secure-boot',
        t('Secure boot needs the machine q35; libvirt refuses it on this one.'),
        [],
        'bios-bootloader',
      ),
    ];
  // Firmware that libvirt chooses comes with what it needs.
  if (valueBelow(os, 'firmware') !== undefined) return [];
  const smm = elementBelow(root, 'features/smm');
  if (smm !== undefined && valueBelow(smm, 'state') !== 'off') return [];
  const fix =
    smm === undefined
      ? addition(text, root, 'features', "<smm state='on'/>", true)
      : setting(smm, 'state', 'on', true);
  return [
    finding(
      valueRange(secure),
      'secure-boot',
      t("Secure boot needs System Management Mode: <smm state='on'/> in <features>."),
      [fix],
      'hypervisor-features',
    ),
  ];
}

function iommu({ devices, family }: DomainView): Finding[] {
  if (family !== 'pc') return [];
  return devices.flatMap((device) => {
    const model = device.key === 'iommu' ? attributeBelow(device, 'model') : undefined;
    if (model?.value !== 'intel') return [];
    const message = t('The machine has no Intel IOMMU: only q35 has one.');
    return [finding(valueRange(model), 'no-iommu', message, [], 'iommu-devices')];
  });
}

function gic({ root, text, family }: DomainView): Finding[] {
  const feature = elementBelow(root, 'features/gic');
  if (feature === undefined || (family !== 'pc' && family !== 'q35')) return [];
  const message = t('A GIC is the interrupt controller of Arm machines; libvirt refuses it on a PC.');
  return [
    finding(nameRange(feature), 'no-gic', message, [removal(text, feature, true)], 'hypervisor-features'),
  ];
}

/** No Arm machine has the PC's ports for a keyboard and a mouse. */
function armInput({ devices, family }: DomainView): Finding[] {
  if (family !== 'arm') return [];
  return devices.flatMap((device: XmlElement) => {
    const bus = device.key === 'input' ? attributeBelow(device, 'bus') : undefined;
    if (bus?.value !== 'ps2') return [];
    const message = t('Arm machines have no PS/2 ports; libvirt refuses input devices on them.');
    return [
      finding(valueRange(bus), 'no-ps2', message, [setting(device, 'bus', 'virtio', true)], 'input-devices'),
    ];
  });
}

function ideController({ devices, family, machine, text }: DomainView): Finding[] {
  if (family !== 'q35' && family !== 'arm') return [];
  return devices.flatMap((device) => {
    const type = device.key === 'controller' ? attributeBelow(device, 'type') : undefined;
    if (type?.value !== 'ide') return [];
    const message = t('The machine {0} has no IDE; libvirt refuses the controller.', machine);
    return [finding(valueRange(type), 'no-ide', message, [removal(text, device)], 'controllers')];
  });
}
