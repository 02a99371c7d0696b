import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { displayName, pickLabel, quoted } from '../../ui/names.ts';
import {
  type OfferedNetwork,
  offeredNetworks,
} from '../../../engines/environment/deploy/offered-networks.ts';
import type { Environments } from '../environments.ts';
import { isWorthLooking } from '../../../model/operations/host/find-host.ts';
import { warn } from '../../ui/notices.ts';
import { plainItem } from '../../ui/plain.ts';

/** What of a guest is asked for at once. */
export interface Size {
  readonly cpus: number;
  readonly memory: string;
  readonly disk: string;
}

/** How large, and where: no networks for the default of its host. */
export type Place = Size & { readonly networks?: readonly string[] };

// not for people: kvm.yaml gets the sizes
const SIZES = [
  { label: () => t('Small'), cpus: 1, memoryGib: 1, disk: '10 GiB' },
  { label: () => t('Medium'), cpus: 2, memoryGib: 2, disk: '20 GiB' },
  { label: () => t('Large'), cpus: 4, memoryGib: 8, disk: '40 GiB' },
];

interface Item extends vscode.QuickPickItem {
  readonly size?: Size;
  readonly network?: OfferedNetwork;
}

export interface PlaceQuestion {
  readonly title: string;
  /** How much memory even the smallest has. */
  readonly leastGib?: number;
  /** It has a disk already, so that no size of one is asked for. */
  readonly hasDisk?: boolean;
}

/**
 * Asks for size and network in one step: a size ends it, a network does not, so that whoever is content with the
 * host's default presses one key. The networks come once the host has told them; where it cannot, Up says why.
 */
export function askPlace(
  environments: Environments,
  uri: vscode.Uri,
  host: Host,
  { title, leastGib = 1, hasDisk = false }: PlaceQuestion,
): Promise<Place | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = title;
  pick.matchOnDescription = true;
  const sizes = SIZES.map((each) => sizeItem(each, leastGib, hasDisk));
  let networks: readonly OfferedNetwork[] = [];
  let chosen: OfferedNetwork | undefined;
  const show = () => {
    const last = sizes.find((item) => pick.activeItems.includes(item)) ?? sizes[0];
    const places = networks.map((each) => networkItem(each, chosen));
    pick.items = [
      separator(t('Size')),
      ...sizes,
      ...(places.length === 0 ? [] : [separator(t('Network')), ...places.map(plainItem)]),
    ];
    if (last !== undefined) pick.activeItems = [last];
    pick.placeholder = placeholder(chosen);
  };
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item?.size !== undefined) {
        resolve(withNetwork(environments, host, item.size, chosen));
        pick.hide();
      }
      if (item?.network === undefined) return;
      chosen = item.network;
      pick.value = '';
      show();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(undefined);
    });
    show();
    pick.show();
    pick.busy = true;
    networksFor(environments, uri, host)
      .then((found) => {
        networks = found;
        chosen = found.find(({ isDefault }) => isDefault);
        show();
      })
      .catch((error: unknown) =>
        environments.parts.presenter.background('Could not list the networks', error),
      )
      .finally(() => (pick.busy = false));
  });
}

function placeholder(network: OfferedNetwork | undefined): string {
  if (network === undefined) return t('Choose a size');
  const name = displayName(network.name);
  return network.start === undefined
    ? t('Choose a size; the network is {0}', name)
    : t('Choose a size; the network is {0}, which is not active yet', name);
}

/** A guest cannot start on a network that is off: it is offered to start that. Undefined when nobody chose. */
async function withNetwork(
  environments: Environments,
  host: Host,
  size: Size,
  network: OfferedNetwork | undefined,
): Promise<Place | undefined> {
  const place = network === undefined || network.isDefault ? size : { ...size, networks: network.networks };
  if (network?.start === undefined) return place;
  const [name, on] = [quoted(network.name), quoted(host.name)];
  const [start, user] = [t('Start Network'), t('Use User Networking')];
  const answer = await warn(
    t('The network {0} on {1} is not active.', name, on),
    { modal: true, detail: t('A guest cannot start on it while it is off.') },
    start,
    user,
  );
  if (answer === user) return { ...size, networks: ['user'] };
  if (answer !== start) return undefined;
  try {
    await network.start();
    return place;
  } catch (error) {
    await environments.parts.presenter.failure(t('Could not start the network {0} on {1}.', name, on), error);
    return undefined;
  }
}

async function networksFor(
  environments: Environments,
  uri: vscode.Uri,
  host: Host,
): Promise<readonly OfferedNetwork[]> {
  // It might ask for a password, and take this question away.
  if (!isWorthLooking(host)) return [];
  const own = environments.entry(uri)?.environment?.networks ?? [];
  return offeredNetworks(environments.hosts.of(host, await host.connect()), own);
}

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function sizeItem(
  { label, cpus, memoryGib, disk }: (typeof SIZES)[number],
  leastGib: number,
  hasDisk: boolean,
): Item {
  // not for people: kvm.yaml gets it
  const memory = `${Math.max(memoryGib, leastGib)} GiB`;
  return {
    label: label(),
    description: [
      cpus === 1 ? t('1 CPU') : t('{0} CPUs', cpus),
      memory,
      ...(hasDisk ? [] : [t('disk of {0}', disk)]),
    ].join(', '),
    size: { cpus, memory, disk },
  };
}

function networkItem(network: OfferedNetwork, chosen: OfferedNetwork | undefined): Item {
  return {
    iconPath: new vscode.ThemeIcon(network === chosen ? 'check' : 'blank'),
    label: pickLabel(network.name),
    description: displayName(network.description),
    network,
  };
}
