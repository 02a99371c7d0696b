import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../model/inventory/domain-target.ts';
import { isActive } from '../../client/libvirt/domain/state.ts';
import { displayName, pickLabel } from '../ui/names.ts';
import { isAtHand } from '../../model/inventory/place.ts';
import type { DebugParts } from './parts.ts';
import { inform } from '../ui/notices.ts';
import { choose } from '../ui/choose.ts';

/** What attaches to a running domain, or boots one that is shut off; undefined when it is gone. */
export function configurationFor({ host, record }: DomainTarget): vscode.DebugConfiguration | undefined {
  if (record === undefined) return undefined;
  const running = isActive(record.state);
  const name = displayName(record.name);
  return {
    type: 'kvm',
    request: running ? 'attach' : 'launch',
    name: running ? t('Attach to {0}', name) : t('Boot {0}', name),
    host: host.id,
    domain: record.name,
  };
}

interface Choice {
  readonly folder: vscode.WorkspaceFolder | undefined;
  readonly configuration: vscode.DebugConfiguration;
}

/** The workspace’s own configuration for a domain, or else the usual one. Asks where the workspace has several. */
export async function chooseConfiguration(target: DomainTarget): Promise<Choice | undefined> {
  const usual = configurationFor(target);
  if (usual === undefined) return undefined;
  const folders = vscode.workspace.workspaceFolders ?? [];
  const written = folders.flatMap((folder) =>
    configurationsIn(folder)
      .filter((each) => each.request === usual.request && isAbout(each, target))
      .map((configuration) => ({ folder, configuration })),
  );
  if (written.length < 2) return written[0] ?? { folder: folders[0], configuration: usual };
  const items = written.map((choice) => ({
    label: pickLabel(choice.configuration.name),
    description: choice.folder.name,
    choice,
  }));
  const placeHolder = t('Debug {0} with which configuration?', displayName(usual['domain'] as string));
  return (await choose(items, { placeHolder }))?.choice;
}

function configurationsIn(folder: vscode.WorkspaceFolder): readonly vscode.DebugConfiguration[] {
  const written: unknown = vscode.workspace.getConfiguration('launch', folder).get('configurations');
  // A file that a person writes may hold anything.
  return Array.isArray(written)
    ? written.filter(
        (each: unknown): each is vscode.DebugConfiguration =>
          typeof each === 'object' &&
          each !== null &&
          'type' in each &&
          each.type === 'kvm' &&
          'name' in each &&
          typeof each.name === 'string',
      )
    : [];
}

function isAbout(configuration: vscode.DebugConfiguration, { host, uuid, record }: DomainTarget): boolean {
  const named: unknown = configuration['host'] ?? host.id;
  return (
    (named === host.id || named === host.name) &&
    [uuid, record?.name].includes(configuration['domain'] as string)
  );
}

/** The guests of hosts that are connected already: a list connects to none. Running guests come first. */
export function guestsAtHand({ inventory }: DebugParts): vscode.DebugConfiguration[] {
  const targets = inventory.hosts.flatMap((host) =>
    [...host.domains.values()].map(({ uuid }) => new DomainTarget(host, uuid)),
  );
  return targets
    .toSorted((a, b) => Number(isRunning(b)) - Number(isRunning(a)))
    .flatMap((target) => configurationFor(target) ?? []);
}

/** F5 without a launch.json: asks which guest. Null opens launch.json, undefined ends it. */
export async function completeConfiguration(
  parts: DebugParts,
  configuration: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration | null | undefined> {
  // Whoever presses F5 without a launch.json has said nothing yet.
  if (typeof configuration.request === 'string' && configuration.request !== '') return configuration;
  await parts.hostsKnown;
  const hosts = parts.inventory.hosts.filter(
    (host) => host.status.kind === 'disconnected' && isAtHand(host.id),
  );
  // A host that cannot be reached offers no guests; the tree says why.
  await Promise.allSettled(hosts.map((host) => host.connect()));
  const offers = guestsAtHand(parts);
  if (offers.length === 0) {
    await inform(t('There is no guest to debug yet. A launch.json can boot one from a kernel.'));
    return null;
  }
  const items = offers.map((offer) => ({
    label: pickLabel(offer.name),
    description: pickLabel(parts.inventory.host(String(offer['host']))?.name ?? ''),
    offer,
  }));
  const [only] = items;
  const choice = items.length === 1 ? only : await choose(items, { placeHolder: t('Debug which guest?') });
  return choice?.offer;
}

function isRunning({ record }: DomainTarget): boolean {
  return record !== undefined && isActive(record.state);
}
