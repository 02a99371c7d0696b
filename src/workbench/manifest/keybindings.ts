import { FOCUSED } from './command.ts';
import type { CommandId } from './commands.ts';

interface Keybinding {
  readonly command: CommandId;
  readonly key: string;
  readonly mac?: string;
  readonly when: string;
  readonly args?: typeof FOCUSED;
}

/** On a line of the Hosts view, and not while something is typed there. */
const ON_LINE = 'focusedView == kvm.hosts && listFocus && !inputFocus && !treestickyScrollFocused';

function onLine(command: CommandId, key: string, mac?: string): Keybinding {
  return { command, key, ...(mac === undefined ? {} : { mac }), when: ON_LINE, args: FOCUSED };
}

export const keybindings: readonly Keybinding[] = [
  onLine('kvm.domain.open', 'enter'),
  onLine('kvm.domain.rename', 'f2'),
  onLine('kvm.domain.undefine', 'delete', 'cmd+backspace'),
  {
    command: 'kvm.document.save',
    key: 'ctrl+s',
    mac: 'cmd+s',
    when: 'resourceScheme == libvirt && !activeEditorIsReadonly && !terminalFocus',
  },
];
