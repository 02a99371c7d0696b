import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

/** What a host can do with one type of pool. */
export interface PoolOffer {
  readonly type: string;
  /** The host's libvirt was built with what it needs for this type. */
  readonly supported: boolean;
  /** Formats of the pool itself, such as `ext4` or `gpt`. */
  readonly poolFormats: readonly string[];
  /** Formats of its volumes; none where they have none. */
  readonly volumeFormats: readonly string[];
}

/** `virConnectGetStoragePoolCapabilities`. Undefined when the host's libvirt is too old to say. @throws RemoteError */
export async function readPoolOffers(connection: Connection): Promise<readonly PoolOffer[] | undefined> {
  try {
    return parsePoolOffers(await connection.host.storagePoolCapabilities());
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT)) return undefined;
    throw error;
  }
}

/** What the XML of storage pool capabilities says. @throws Error when it is no XML */
function parsePoolOffers(xml: string): readonly PoolOffer[] {
  return children(child(parseXml(xml), 'storagepoolCapabilities'), 'pool').map((pool) => ({
    type: text(pool, '@type') ?? '',
    supported: text(pool, '@supported') === 'yes',
    poolFormats: formats(child(pool, 'poolOptions'), 'sourceFormatType'),
    volumeFormats: formats(child(pool, 'volOptions'), 'targetFormatType'),
  }));
}

function formats(options: XmlObject, name: string): readonly string[] {
  const found = children(options, 'enum').find((each) => text(each, '@name') === name) ?? {};
  return children(found, 'value').flatMap((value) => text(value, '#text') ?? []);
}
