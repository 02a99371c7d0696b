import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { ListNodeDevices } from '../../../client/libvirt/host/node-device.ts';
import type { DeviceOffer } from '../../../language/checks/host-offer.ts';
import type { Kind, ObjectRecord, Place } from './kind.ts';
import { notRedefined } from './xml.ts';

export interface NodeDeviceRecord extends ObjectRecord {
  readonly bus: 'pci' | 'usb' | 'other';
  /** What only its XML says; unknown until somebody looks. */
  readonly details: DeviceOffer | undefined;
}

/** The devices of a host, by libvirt's names of them, such as `pci_0000_00_1f_2`. */
export const nodeDeviceKind: Kind<NodeDeviceRecord> = {
  name: 'nodedev',
  words: {
    get one() {
      return t('node device');
    },
    get many() {
      return t('Node Devices');
    },
  },
  gone: [ErrorCode.NO_NODE_DEVICE],
  xml: {
    root: 'device',
    read: async ({ connection }, key) => ({
      xml: await connection.nodeDevices.xml(key),
      readOnly: notRedefined(),
    }),
    validate: 0,
  },
  readAll: async ({ connection }, take) => {
    const { nodeDevices } = connection;
    const [all, pci, usb] = await Promise.all([
      nodeDevices.list(),
      nodeDevices.list(ListNodeDevices.PCI),
      nodeDevices.list(ListNodeDevices.USB),
    ]);
    const buses = new Map([
      ...pci.map((name) => [name, 'pci'] as const),
      ...usb.map((name) => [name, 'usb'] as const),
    ]);
    for (const name of all) take(name, { name, bus: buses.get(name) ?? 'other', details: undefined });
  },
  readOne: async (place, key) => {
    const details = await readDetails(place, key);
    const bus = details.pci !== undefined ? 'pci' : details.usb !== undefined ? 'usb' : 'other';
    return { name: key, bus, details };
  },
  follow: ({ connection: { nodeDevices } }, touch) => [
    nodeDevices.onLifecycle(({ device }) => touch(device)),
    nodeDevices.onUpdate(({ device }) => touch(device)),
  ],
  next: (before, now) => ({ ...now, details: now.details ?? before?.details }),
  // Hosts have hundreds of others, of which nobody asks more than the name.
  isComplete: ({ bus, details }) => bus === 'other' || details !== undefined,
  complete: async (place, key, record) => ({ ...record, details: await readDetails(place, key) }),
  undefine: ({ connection }, key) => connection.nodeDevices.undefine(key),
  actions: () => ['editXml'],
};

/** The XML parser is loaded with the first device that somebody looks at. */
async function readDetails({ connection }: Place, name: string): Promise<DeviceOffer> {
  const [xml, { readDeviceDetails }] = await Promise.all([
    connection.nodeDevices.xml(name),
    import('./node-device-details.ts'),
  ]);
  return readDeviceDetails(name, xml);
}
