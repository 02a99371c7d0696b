import { t } from '@vscode/l10n';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import { DefineSecret } from '../../../client/libvirt/host/secret.ts';
import type { Kind, ObjectRecord } from './kind.ts';

export interface SecretRecord extends ObjectRecord {
  readonly uuid: string;
  /** What it is for, such as the path of a volume; empty when it does not say. */
  readonly usage: string;
}

/** The secrets that a host keeps for domains and pools, by their UUIDs. Their values are never read. */
export const secretKind: Kind<SecretRecord> = {
  name: 'secret',
  words: {
    get one() {
      return t('secret');
    },
    get many() {
      return t('Secrets');
    },
  },
  gone: [ErrorCode.NO_SECRET],
  xml: {
    root: 'secret',
    read: async ({ connection: { secrets } }, key) => ({
      xml: await secrets.xml(await secrets.lookupByUuid(key)),
      readOnly: undefined,
    }),
    define: async ({ connection }, xml, flags) => (await connection.secrets.defineXml(xml, flags)).uuid,
    validate: DefineSecret.VALIDATE,
  },
  readAll: async ({ connection }, take) => {
    for (const { uuid, usageId } of await connection.secrets.list()) take(uuid, recordOf(uuid, usageId));
  },
  readOne: async ({ connection }, key) => {
    const { uuid, usageId } = await connection.secrets.lookupByUuid(key);
    return recordOf(uuid, usageId);
  },
  follow: ({ connection }, touch) => [connection.secrets.onLifecycle(({ secret }) => touch(secret.uuid))],
  undefine: async ({ connection: { secrets } }, key) => secrets.undefine(await secrets.lookupByUuid(key)),
  actions: () => ['editXml', 'undefine'],
};

function recordOf(uuid: string, usage: string): SecretRecord {
  return { uuid, usage, name: usage === '' ? uuid : usage };
}
