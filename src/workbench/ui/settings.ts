import * as vscode from 'vscode';

/** A host as it stands in the setting `kvm.hosts`. */
export interface HostSetting {
  readonly name: string;
  readonly uri: string;
}

/** People edit settings by hand: what is not a host is left out. */
export function configuredHosts(): readonly HostSetting[] {
  const hosts: unknown = vscode.workspace.getConfiguration('kvm').get('hosts');
  return Array.isArray(hosts) ? hosts.filter(isHostSetting) : [];
}

export function showsLocalHosts(): boolean {
  return vscode.workspace.getConfiguration('kvm').get('showLocalHosts', true);
}

export async function saveHosts(hosts: readonly HostSetting[]): Promise<void> {
  await vscode.workspace.getConfiguration('kvm').update('hosts', hosts, vscode.ConfigurationTarget.Global);
}

function isHostSetting(value: unknown): value is HostSetting {
  if (typeof value !== 'object' || value === null) return false;
  const { name, uri } = value as Partial<Record<string, unknown>>;
  return typeof name === 'string' && typeof uri === 'string' && uri !== '';
}
