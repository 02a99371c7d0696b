import { t } from '@vscode/l10n';
import { attributeOf, type XmlElement } from '../../../../language/xml/tree.ts';
import { machineOf } from '../../../../language/checks/domain-machine.ts';
import type { DomainCapabilities, HostOffer } from '../../../../language/checks/host-offer.ts';

/** A value that a host suggests, and what it is there. */
export interface HostValue {
  readonly value: string;
  readonly detail: string;
}

export interface ValuePlace {
  readonly root: XmlElement;
  readonly element: XmlElement;
  /** Undefined for the text between the tags. */
  readonly attribute: string | undefined;
}

/** What a host has to offer for a value. Empty for values that do not depend on the host. */
export function valuesFor(
  { root, element, attribute }: ValuePlace,
  offer: HostOffer,
  domain: DomainCapabilities | undefined,
): HostValue[] {
  const parent = element.parent?.key ?? '';
  const place = `${parent}/${element.key}${attribute === undefined ? '' : `@${attribute}`}`;
  const value = (name: string) => attributeOf(element, name)?.value;
  switch (place) {
    case 'interface/source@network':
      return offer.networks.map(({ name, active }) => ({
        value: name,
        detail: active ? t('active network') : t('inactive network'),
      }));
    case 'interface/source@portgroup':
      return offer.networks
        .filter(({ name }) => name === value('network'))
        .flatMap(({ portGroups }) => portGroups.map((name) => ({ value: name, detail: t('port group') })));
    case 'interface/source@bridge':
      return bridges(offer);
    case 'interface/source@dev':
    case 'forward/interface@dev':
    case 'network/forward@dev':
      return offer.interfaces.map((name) => ({ value: name, detail: t('interface of the host') }));
    case 'disk/source@pool':
      return offer.pools.map(({ name, active }) => ({
        value: name,
        detail: active ? t('active pool') : t('inactive pool'),
      }));
    case 'disk/source@volume':
      return offer.pools
        .filter(({ name }) => name === value('pool'))
        .flatMap(({ volumes = [] }) => volumes.map(({ name, path }) => ({ value: name, detail: path })));
    case 'disk/source@file':
    case 'backingStore/source@file':
    case 'backingStore/path':
      return offer.pools.flatMap(({ name, volumes = [] }) =>
        volumes
          .filter(({ path }) => path.startsWith('/') && !path.startsWith('/dev/'))
          .map(({ path }) => ({ value: path, detail: t('volume of the pool {0}', name) })),
      );
    case 'os/type@machine':
      return machines(root, offer);
    case 'os/type@arch':
      return offer.guests.map(({ arch }) => ({
        value: arch,
        detail: t('architecture that the host can run'),
      }));
    case '/domain@type':
      return [...new Set(offer.guests.flatMap(({ domainTypes }) => domainTypes))].map((type) => ({
        value: type,
        detail: t('type that the host can run'),
      }));
    case 'cpu/model':
      return [...(domain?.cpuModels ?? [])].map(([model, usable]) => ({
        value: model,
        detail: usable ? t('the host can run it') : t('the host lacks features of it'),
      }));
    case 'os/loader':
      return (domain?.loaders ?? []).map((path) => ({ value: path, detail: t('firmware of the host') }));
    case 'devices/emulator':
      return offer.guests.flatMap(({ arch, emulator }) =>
        emulator === undefined ? [] : [{ value: emulator, detail: t('emulator for {0}', arch) }],
      );
    case 'auth/secret@uuid':
    case 'encryption/secret@uuid':
      return offer.secrets.map(({ uuid, usage }) => ({
        value: uuid,
        detail: usage === '' ? t('secret') : t('secret {0}', usage),
      }));
    case 'auth/secret@usage':
    case 'encryption/secret@usage':
      return offer.secrets
        .filter(({ usage }) => usage !== '')
        .map(({ uuid, usage }) => ({ value: usage, detail: t('secret {0}', uuid) }));
    case 'interface/filterref@filter':
    case 'filter/filterref@filter':
      return offer.filters.map((name) => ({ value: name, detail: t('network filter') }));
    default:
      return deviceValues(place, element, offer);
  }
}

function bridges({ networks, interfaces }: HostOffer): HostValue[] {
  const own = networks.flatMap(({ name, bridge }) =>
    bridge === undefined ? [] : [{ value: bridge, detail: t('bridge of the network {0}', name) }],
  );
  const known = new Set(own.map(({ value }) => value));
  const others = interfaces
    .filter((name) => /^(?:br|virbr|bridge|vmbr|xenbr|lxcbr|docker)/.test(name) && !known.has(name))
    .map((name) => ({ value: name, detail: t('interface of the host') }));
  return [...own, ...others];
}

function upTo(vcpus: number): string {
  return vcpus === 1 ? t('up to one vCPU') : t('up to {0} vCPUs', vcpus);
}

function machines(root: XmlElement, offer: HostOffer): HostValue[] {
  const { guest } = machineOf(root, offer);
  const unique = new Map((guest?.machines ?? []).map((machine) => [machine.name, machine]));
  return [...unique.values()].map(({ name, canonical, maxVcpus }) => ({
    value: name,
    detail: [
      canonical === undefined ? t('machine') : t('now {0}', canonical),
      ...(maxVcpus === undefined ? [] : [upTo(maxVcpus)]),
    ].join(', '),
  }));
}

/** Addresses of the host's own PCI and USB devices: for each part, those whose other parts match what is written. */
function deviceValues(place: string, element: XmlElement, { devices }: HostOffer): HostValue[] {
  if (element.parent?.parent?.key !== 'hostdev') return [];
  const [, part = ''] = place.split('@');
  if (place.startsWith('source/address@'))
    return unique(
      devices.flatMap(({ pci, label }) => {
        if (pci === undefined) return [];
        const parts: Readonly<Record<string, string>> = pci;
        const fits = element.attributes.every(
          ({ key, value }) =>
            key === part || parts[key] === undefined || value === '' || Number(parts[key]) === Number(value),
        );
        const value = parts[part];
        return fits && value !== undefined ? [{ value, detail: label }] : [];
      }),
    );
  if (place !== 'source/vendor@id' && place !== 'source/product@id') return [];
  const key = element.key === 'vendor' ? 'vendor' : 'product';
  return unique(
    devices.flatMap(({ usb, label }) => (usb === undefined ? [] : [{ value: usb[key], detail: label }])),
  );
}

function unique(values: readonly HostValue[]): HostValue[] {
  return [...new Map(values.toReversed().map((each) => [each.value, each])).values()].toReversed();
}
