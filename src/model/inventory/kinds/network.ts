import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { DefineNetwork, ListNetworks, NetworkXml } from '../../../client/libvirt/network/network.ts';
import type { Kind } from './kind.ts';
import type { NetworkDetails } from './network-details.ts';
import { powered, type PoweredRecord } from './power.ts';

export type NetworkRecord = PoweredRecord<NetworkDetails>;

const { readXml, ...shared } = powered({
  calls: ({ networks }) => networks,
  flags: ListNetworks,
  inactive: NetworkXml.INACTIVE,
  details: async ({ networks }, ref) => {
    const [{ readNetworkDetails }, xml] = await Promise.all([
      import('./network-details.ts'),
      networks.xml(ref),
    ]);
    return readNetworkDetails(xml);
  },
});

/** Virtual networks, by their UUIDs. */
export const networkKind: Kind<NetworkRecord> = {
  ...shared,
  name: 'network',
  words: {
    get one() {
      return t('network');
    },
    get many() {
      return t('Networks');
    },
  },
  gone: [ErrorCode.NO_NETWORK],
  xml: {
    root: 'network',
    read: readXml,
    define: async ({ connection }, xml, flags) => (await connection.networks.defineXml(xml, flags)).uuid,
    validate: DefineNetwork.VALIDATE,
    templates: async () => (await import('./templates/network.ts')).networkTemplates(),
  },
  follow: ({ connection }, touch) => [connection.networks.onLifecycle(({ network }) => touch(network.uuid))],
};
