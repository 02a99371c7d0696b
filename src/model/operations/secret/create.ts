import { randomUUID } from 'node:crypto';
import { element, writeXml } from '../../../language/xml/build.ts';
import type { Host } from '../../inventory/host.ts';
import type { OperationOptions } from '../operation.ts';

export interface CreateSecretChoices {
  /** What libvirt gives it to. */
  readonly usage: 'ceph' | 'iscsi';
  /** For people, and unique among the secrets of that usage. */
  readonly id: string;
  /** Never logged, kept by libvirt alone, which tells it to nobody but its drivers. */
  readonly value: Uint8Array;
}

/**
 * `virSecretDefineXML` and `virSecretSetValue`. Returns its UUID. Without its value it is removed again. @throws RemoteError
 */
export async function createSecret(
  host: Host,
  { usage, id, value }: CreateSecretChoices,
  options: OperationOptions = {},
): Promise<string> {
  const { secrets } = await host.connect();
  const name = usage === 'ceph' ? element('name', {}, id) : element('target', {}, id);
  const secret = await secrets.defineXml(
    writeXml(
      element(
        'secret',
        { ephemeral: 'no', private: 'yes' },
        element('uuid', {}, randomUUID()),
        element('usage', { type: usage }, name),
      ),
    ),
    0,
    options,
  );
  try {
    await secrets.setValue(secret, value, options);
  } catch (error) {
    await secrets.undefine(secret);
    throw error;
  }
  await host.refreshAll('secret').catch(() => undefined);
  return secret.uuid;
}
