import type { CommandId } from './commands.ts';

interface Keybinding {
  readonly command: CommandId;
  readonly key: string;
  readonly mac?: string;
  readonly when: string;
}

export const keybindings: readonly Keybinding[] = [
  {
    command: 'kvm.document.save',
    key: 'ctrl+s',
    mac: 'cmd+s',
    when: 'resourceScheme == libvirt && !activeEditorIsReadonly && !terminalFocus',
  },
];
