import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import {
  DefineNetwork,
  ListNetworks,
  type NetworkRef,
  NetworkXml,
} from '../../../client/libvirt/network/network.ts';
import type { Kind, ObjectRecord, Place } from './kind.ts';
import type { NetworkDetails } from './network-details.ts';
import { keysOf, powerActions, type PowerState } from './power.ts';
import { definition } from './xml.ts';

export interface NetworkRecord extends ObjectRecord, PowerState {
  readonly uuid: string;
  /** What only its XML says; unknown until somebody looks. */
  readonly details: NetworkDetails | undefined;
}

/** Virtual networks, by their UUIDs. */
export const networkKind: Kind<NetworkRecord> = {
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
    read: async ({ connection: { networks } }, key, live) => {
      const network = await networks.lookupByUuid(key);
      const persistent = await networks.isPersistent(network);
      const xml = await networks.xml(network, persistent && !live ? NetworkXml.INACTIVE : 0);
      return definition(xml, live, persistent);
    },
    define: async ({ connection }, xml, flags) => (await connection.networks.defineXml(xml, flags)).uuid,
    validate: DefineNetwork.VALIDATE,
    templates: async () => (await import('./templates/network.ts')).networkTemplates(),
  },
  readAll: async ({ connection: { networks } }, take) => {
    const [all, active, persistent, autostart] = await Promise.all([
      networks.list(),
      networks.list(ListNetworks.ACTIVE).then(keysOf),
      networks.list(ListNetworks.PERSISTENT).then(keysOf),
      networks.list(ListNetworks.AUTOSTART).then(keysOf),
    ]);
    for (const { uuid, name } of all)
      take(uuid, {
        uuid,
        name,
        active: active.has(uuid),
        persistent: persistent.has(uuid),
        autostart: autostart.has(uuid),
        details: undefined,
      });
  },
  readOne: async (place, key) => {
    const { networks } = place.connection;
    const network = await networks.lookupByUuid(key);
    const [active, persistent, autostart, details] = await Promise.all([
      networks.isActive(network),
      networks.isPersistent(network),
      networks.autostart(network),
      readDetails(place, network),
    ]);
    return { uuid: key, name: network.name, active, persistent, autostart, details };
  },
  follow: ({ connection }, touch) => [connection.networks.onLifecycle(({ network }) => touch(network.uuid))],
  next: (before, now) => ({ ...now, details: now.details ?? before?.details }),
  isComplete: ({ details }) => details !== undefined,
  complete: async (place, key, record) => ({
    ...record,
    details: await readDetails(place, await place.connection.networks.lookupByUuid(key)),
  }),
  undefine: async ({ connection: { networks } }, key) => networks.undefine(await networks.lookupByUuid(key)),
  actions: powerActions,
};

/** The XML parser is loaded with the first network that somebody looks at. */
async function readDetails({ connection }: Place, network: NetworkRef): Promise<NetworkDetails> {
  const [xml, { readNetworkDetails }] = await Promise.all([
    connection.networks.xml(network),
    import('./network-details.ts'),
  ]);
  return readNetworkDetails(xml);
}
