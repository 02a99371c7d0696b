import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import {
  DefineInterface,
  type InterfaceRef,
  InterfaceXml,
  ListInterfaces,
} from '../../../client/libvirt/host/interface.ts';
import type { Kind, ObjectRecord } from './kind.ts';
import { definition } from './xml.ts';

export interface InterfaceRecord extends ObjectRecord {
  readonly active: boolean;
}

/** The network interfaces of the host itself, by their names. libvirt has no events of them. */
export const interfaceKind: Kind<InterfaceRecord> = {
  name: 'interface',
  words: {
    get one() {
      return t('host interface');
    },
    get many() {
      return t('Host Interfaces');
    },
  },
  gone: [ErrorCode.NO_INTERFACE],
  xml: {
    root: 'interface',
    read: async ({ connection: { interfaces } }, key, live) => {
      const xml = await readXml(interfaces, await interfaces.lookupByName(key), live);
      return definition(xml, live, true);
    },
    define: async ({ connection }, xml, flags) => (await connection.interfaces.defineXml(xml, flags)).name,
    validate: DefineInterface.VALIDATE,
  },
  readAll: async ({ connection: { interfaces } }, take) => {
    const [all, active] = await Promise.all([interfaces.list(), interfaces.list(ListInterfaces.ACTIVE)]);
    const names = new Set(active.map(({ name }) => name));
    for (const { name } of all) take(name, { name, active: names.has(name) });
  },
  readOne: async ({ connection: { interfaces } }, key) => {
    const found = await interfaces.lookupByName(key);
    return { name: found.name, active: await interfaces.isActive(found) };
  },
  undefine: async ({ connection: { interfaces } }, key) =>
    interfaces.undefine(await interfaces.lookupByName(key)),
  actions: () => ['editXml', 'undefine'],
};

/** Drivers that keep one definition only refuse to tell two apart. */
async function readXml(
  interfaces: Connection['interfaces'],
  found: InterfaceRef,
  live: boolean,
): Promise<string> {
  try {
    return await interfaces.xml(found, live ? 0 : InterfaceXml.INACTIVE);
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.INVALID_ARG)) throw error;
    return interfaces.xml(found);
  }
}
