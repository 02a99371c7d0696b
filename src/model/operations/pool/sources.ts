import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import type { Host } from '../../inventory/host.ts';
import { type PoolPlan, poolSourceXml } from '../../storage/pool-xml.ts';
import type { PoolType } from '../../storage/pool-types.ts';
import type { OperationOptions } from '../operation.ts';

export interface FindSourcesChoices {
  readonly type: PoolType;
  /** The server to ask, and who asks; for what the host itself has, nothing. */
  readonly from: Pick<PoolPlan, 'hosts' | 'initiator'>;
}

/** What a pool could be made from; parts that the source does not say are missing. */
export interface FoundSource {
  readonly sourceName?: string;
  readonly directory?: string;
  readonly target?: string;
  readonly devices?: readonly string[];
  readonly format?: string;
}

/**
 * `virConnectFindStoragePoolSources`: the exports of a server, the targets of a portal, the volume groups of the host.
 * @throws RemoteError when the host cannot look for that type
 */
export async function findPoolSources(
  host: Host,
  { type, from }: FindSourcesChoices,
  options: OperationOptions = {},
): Promise<readonly FoundSource[]> {
  const { storagePools } = await host.connect();
  const asks = from.hosts !== undefined && from.hosts.length > 0;
  const xml = await storagePools.findSources(type, asks ? poolSourceXml(from) : undefined, options);
  return children(child(parseXml(xml), 'sources'), 'source').map((source) => readSource(type, source));
}

function readSource(type: PoolType, source: XmlObject): FoundSource {
  const devices = children(source, 'device').flatMap((device) => text(device, '@path') ?? []);
  const isIscsi = type === 'iscsi' || type === 'iscsi-direct';
  return {
    ...given('sourceName', text(source, 'name')),
    ...given('directory', text(child(source, 'dir'), '@path')),
    ...given('target', isIscsi ? devices[0] : undefined),
    ...given('devices', isIscsi || devices.length === 0 ? undefined : devices),
    ...given('format', text(child(source, 'format'), '@type')),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
