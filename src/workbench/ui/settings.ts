import * as vscode from 'vscode';
import type { SettingId } from '../manifest/settings.ts';

/** A host as it stands in the setting `kvm.hosts`. */
export interface HostSetting {
  readonly name: string;
  readonly uri: string;
}

/** What a setting is now. People edit settings by hand: it may be anything. */
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

/** Whether what consoles say is kept in files. */
export function keepsConsoleOutput(): boolean {
  return setting('kvm.console.keepOutput') !== false;
}

/** When guests may fill the clipboard from their displays. */
export function guestsFillClipboard(): 'afterInput' | 'always' | 'never' {
  const when = setting('kvm.display.clipboard');
  return when === 'always' || when === 'never' ? when : 'afterInput';
}

/** The keys that take the keyboard back from a display, as a person wrote them. */
export function displayLeaveKey(): string {
  const keys = setting('kvm.display.leaveKey');
  return typeof keys === 'string' ? keys : '';
}

/** The gdb to debug with; undefined when the first that fits will do. */
export function preferredGdb(): string | undefined {
  const gdb = setting('kvm.debug.gdb');
  return typeof gdb === 'string' && gdb !== '' ? gdb : undefined;
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
