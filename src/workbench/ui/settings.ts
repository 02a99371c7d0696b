import * as vscode from 'vscode';
import type { SettingId } from '../manifest/settings.ts';

/** A host as it stands in the setting `kvm.hosts`. */
export interface HostSetting {
  readonly name: string;
  readonly uri: string;
}

/**
 * What a setting is now. People edit settings by hand: it may be anything. What only one part needs to know of it stands
 * in that part, which is loaded when it is needed.
 */
export function setting(id: SettingId): unknown {
  return vscode.workspace.getConfiguration().get(id);
}

/** What is not a host is left out. */
export function configuredHosts(): readonly HostSetting[] {
  const hosts = setting('kvm.hosts');
  return Array.isArray(hosts) ? hosts.filter(isHostSetting) : [];
}

export function showsLocalHosts(): boolean {
  return setting('kvm.showLocalHosts') !== false;
}

export async function saveHosts(hosts: readonly HostSetting[]): Promise<void> {
  const id: SettingId = 'kvm.hosts';
  await vscode.workspace.getConfiguration().update(id, hosts, vscode.ConfigurationTarget.Global);
}

function isHostSetting(value: unknown): value is HostSetting {
  if (typeof value !== 'object' || value === null) return false;
  const { name, uri } = value as Partial<Record<string, unknown>>;
  return typeof name === 'string' && typeof uri === 'string' && uri !== '';
}
