import { checkpointKind } from './checkpoint.ts';
import { domainKind } from './domain.ts';
import { filterKind } from './filter.ts';
import { interfaceKind } from './interface.ts';
import { type Kind, KIND_NAMES, type KindName } from './kind.ts';
import { networkKind } from './network.ts';
import { nodeDeviceKind } from './node-device.ts';
import { poolKind } from './pool.ts';
import { secretKind } from './secret.ts';
import { snapshotKind } from './snapshot.ts';
import { volumeKind } from './volume.ts';

const KINDS: Readonly<Record<KindName, Kind>> = {
  domain: domainKind,
  network: networkKind,
  pool: poolKind,
  volume: volumeKind,
  snapshot: snapshotKind,
  checkpoint: checkpointKind,
  nodedev: nodeDeviceKind,
  secret: secretKind,
  filter: filterKind,
  interface: interfaceKind,
};

/** All that is known of a kind, by its name. */
export function kindOf(name: KindName): Kind {
  return KINDS[name];
}

/** The kind of object that an XML document describes, by the name of its root element. */
export function kindForRoot(root: string): Kind | undefined {
  return allKinds().find(({ xml }) => xml.root === root);
}

/** In the order in which people are asked for one. */
export function allKinds(): readonly Kind[] {
  return KIND_NAMES.map(kindOf);
}
