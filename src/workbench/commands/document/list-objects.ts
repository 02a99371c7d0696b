import type { Connection } from '../../../client/libvirt/connect.ts';
import type { ObjectKind } from '../../../model/inventory/object-name.ts';

interface Listed {
  readonly key: string;
  readonly label: string;
}

/** All objects of a kind: of a host or, of volumes and snapshots, of the pool or domain `parent`. */
export async function listObjects(
  connection: Connection,
  kind: ObjectKind,
  parent = '',
): Promise<readonly Listed[]> {
  switch (kind) {
    case 'domain':
      return byUuid(await connection.domains.list());
    case 'network':
      return byUuid(await connection.networks.list());
    case 'pool':
      return byUuid(await connection.storagePools.list());
    case 'volume':
      return byName(
        await connection.storagePools.volumes(await connection.storagePools.lookupByUuid(parent)),
      );
    case 'snapshot':
      return byName(await connection.snapshots.list(await connection.domains.lookupByUuid(parent)));
    case 'nodedev':
      return byName((await connection.nodeDevices.list()).map((name) => ({ name })));
    case 'secret':
      return (await connection.secrets.list()).map(({ uuid, usageId }) => ({
        key: uuid,
        label: usageId === '' ? uuid : usageId,
      }));
    case 'filter':
      return byUuid(await connection.networkFilters.list());
    case 'interface':
      return byName(await connection.interfaces.list());
  }
}

function byUuid(refs: readonly { readonly uuid: string; readonly name: string }[]): readonly Listed[] {
  return refs.map(({ uuid, name }) => ({ key: uuid, label: name }));
}

function byName(refs: readonly { readonly name: string }[]): readonly Listed[] {
  return refs.map(({ name }) => ({ key: name, label: name }));
}
