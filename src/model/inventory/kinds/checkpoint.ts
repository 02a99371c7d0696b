import { t } from '@vscode/l10n';
import {
  CheckpointXml,
  CreateCheckpoint,
  DeleteCheckpoint,
} from '../../../client/libvirt/domain/checkpoint.ts';
import { ErrorCode } from '../../../client/libvirt/error.ts';
import type { Kind } from './kind.ts';
import { domainOf, secure } from './xml.ts';

/** The checkpoints of one domain, by their names. libvirt has no events of them. */
export const checkpointKind: Kind = {
  name: 'checkpoint',
  words: {
    get one() {
      return t('checkpoint');
    },
    get many() {
      return t('Checkpoints');
    },
  },
  parent: 'domain',
  gone: [ErrorCode.NO_DOMAIN_CHECKPOINT, ErrorCode.NO_DOMAIN],
  xml: {
    root: 'domaincheckpoint',
    read: async (place, key) => {
      const { checkpoints } = place.connection;
      const checkpoint = await checkpoints.lookupByName(await domainOf(place), key);
      return secure((flags) => checkpoints.xml(checkpoint, flags === 0 ? 0 : CheckpointXml.SECURE));
    },
    // One that is there can only be told to libvirt again as it was.
    define: async (place, xml, flags, key) => {
      const redefine = key === undefined ? 0 : CreateCheckpoint.REDEFINE;
      const domain = await domainOf(place);
      return (await place.connection.checkpoints.create(domain, xml, redefine | flags)).name;
    },
    validate: 0,
  },
  readAll: async (place, take) => {
    for (const { name } of await place.connection.checkpoints.list(await domainOf(place)))
      take(name, { name });
  },
  readOne: async (place, key) => {
    const { name } = await place.connection.checkpoints.lookupByName(await domainOf(place), key);
    return { name };
  },
  undefine: async (place, key) => {
    const { checkpoints } = place.connection;
    const checkpoint = await checkpoints.lookupByName(await domainOf(place), key);
    await checkpoints.delete(checkpoint, DeleteCheckpoint.METADATA_ONLY);
  },
  actions: () => ['editXml', 'undefine'],
};
