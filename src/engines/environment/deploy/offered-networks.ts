import { t } from '@vscode/l10n';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { NetworkRef } from '../../../client/libvirt/network/network.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import type { DeclaredNetwork } from '../file/model.ts';
import { defaultNetwork } from './build-guest.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { recordIn } from './record.ts';

/** A network that a new guest may be on. */
export interface OfferedNetwork {
  readonly name: string;
  readonly description: string;
  /** The value of “networks” in kvm.yaml. */
  readonly networks: readonly string[];
  /** Whether a guest that names no network is on it. */
  readonly isDefault: boolean;
  /** Starts it; undefined for one that is on, or goes on with the guests of its file. */
  readonly start?: () => Promise<void>;
}

/** The networks of a host and of a file, user networking and none at all; the default comes first. */
export async function offeredNetworks(
  host: EnvironmentHost,
  own: readonly DeclaredNetwork[],
): Promise<readonly OfferedNetwork[]> {
  const usual = await defaultNetwork(host);
  const ofFile = own.map(({ name, mode, subnet }) => ({
    name,
    description: described(mode, subnet === undefined ? [] : [subnet], t('in this file')),
    networks: [name],
    // Not even one that has the name of the host's default.
    isDefault: false,
  }));
  const taken = new Set(own.map(({ name }) => name));
  const ofHost = (await networksOf(host))
    .filter(({ name }) => !taken.has(name) && !isWord(name))
    .map(({ name, description, start }) => ({
      name,
      description,
      ...(start === undefined ? {} : { start }),
      networks: [name],
      isDefault: usual.kind === 'host' && name === usual.network,
    }));
  const user = {
    name: t('User networking'),
    description: t('QEMU’s own: outgoing connections, and incoming ones by forwarded ports'),
    networks: ['user'],
    isDefault: usual.kind === 'user',
  };
  const none = { name: t('No network'), description: '', networks: [], isDefault: false };
  return [...ofHost, ...ofFile, user, none].toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault));
}

/** Whether kvm.yaml would take the name for something else. */
function isWord(name: string): boolean {
  return name === 'user' || name === 'passt' || name.startsWith('bridge:');
}

type FoundNetwork = Pick<OfferedNetwork, 'description' | 'name' | 'start'>;

async function networksOf({
  host,
  connection: { networks },
}: EnvironmentHost): Promise<readonly FoundNetwork[]> {
  const startOf = (ref: NetworkRef) => async () => {
    await networks.start(ref);
    await host.refresh({ kind: 'network', key: ref.uuid }).catch(() => undefined);
  };
  try {
    const found = await Promise.all(
      (await networks.list()).map(async (ref) => {
        const [xml, active] = await Promise.all([networks.xml(ref), networks.isActive(ref)]);
        // One that a kvm.yaml made goes with its guests.
        if (recordIn(xml) !== undefined) return [];
        const found = { name: ref.name, description: describe(xml, active) };
        return [active ? found : { ...found, start: startOf(ref) }];
      }),
    );
    return found.flat().toSorted((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT)) return [];
    throw error;
  }
}

function describe(xml: string, active: boolean): string {
  const network = child(parseXml(xml), 'network');
  const forward = children(network, 'forward')[0];
  const mode = forward === undefined ? 'isolated' : (text(forward, '@mode') ?? 'nat');
  return described(mode, children(network, 'ip').map(subnetOf), active ? '' : t('not active'));
}

function subnetOf(ip: XmlObject): string {
  const length = text(ip, '@prefix') ?? text(ip, '@netmask');
  return [text(ip, '@address') ?? '', ...(length === undefined ? [] : [length])].join('/');
}

function described(mode: string, addresses: readonly string[], more: string): string {
  return [modeText(mode), ...addresses, more].filter((part) => part !== '').join(', ');
}

/** libvirt's own words stay as they are. */
function modeText(mode: string): string {
  if (mode === 'nat') return 'NAT';
  return mode === 'isolated' ? t('isolated') : mode;
}
