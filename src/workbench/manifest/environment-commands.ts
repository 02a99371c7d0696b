import { type Commands, NEVER } from './command.ts';
import { inExplorer, onGuest, onGuestWith, onWorkspaceItem, workspaceTitle } from './places.ts';

const HAS_FILE = 'kvm.hasEnvironment';
const DISK_IMAGE = String.raw`resourceExtname =~ /^\.(qcow2|img|raw|vmdk|vhdx|vhd|vdi)$/`;
const APPLIANCE = String.raw`resourceExtname =~ /^\.(ova|ovf)$/`;
const BOOTABLE = String.raw`(resourceExtname =~ /^\.(iso|qcow2|img|raw|vmdk|elf)$/ || resourceFilename =~ /^(bzImage|Image|vmlinu[xz].*)$/)`;

/** The guests that a kvm.yaml declares: the Workspace view, and what makes a guest of a file. */
export const environmentCommands = {
  'kvm.environment.up': {
    title: 'Up',
    icon: 'play',
    menus: [
      workspaceTitle('navigation@1', HAS_FILE),
      ...onGuest(['not-created', 'shut-off', 'paused', 'unknown'], 'inline@1'),
      ...onGuest([], '1_run@1'),
      ...onWorkspaceItem('file', '1_run@1'),
    ],
  },
  'kvm.environment.down': {
    title: 'Down',
    icon: 'debug-stop',
    menus: [
      workspaceTitle('navigation@2', HAS_FILE),
      ...onGuest(['running', 'paused'], 'inline@2', '1_run@2'),
      ...onWorkspaceItem('file', '1_run@2'),
    ],
  },
  'kvm.environment.reload': {
    title: 'Restart Workspace Guest',
    shortTitle: 'Restart',
    icon: 'debug-restart',
    menus: [
      workspaceTitle('1_run@1', HAS_FILE),
      ...onGuest(['running', 'paused'], '1_run@3'),
      ...onWorkspaceItem('file', '1_run@3'),
    ],
  },
  'kvm.environment.plan': {
    title: 'Show Plan',
    icon: 'git-compare',
    menus: [
      workspaceTitle('navigation@3', HAS_FILE),
      ...onGuest([], '2_look@1'),
      ...onWorkspaceItem('file', '2_look@1'),
    ],
  },
  'kvm.environment.status': { title: 'Show Status of Workspace Guests' },
  'kvm.environment.openFile': {
    title: 'Open kvm.yaml',
    icon: 'go-to-file',
    menus: [workspaceTitle('2_file@1', HAS_FILE), ...onWorkspaceItem('file', '1_run@4')],
  },

  'kvm.environment.ssh': {
    title: 'SSH into Guest',
    shortTitle: 'SSH',
    icon: 'terminal',
    menus: [
      ...onGuestWith('ssh', ['running'], 'inline@1'),
      ...onGuestWith('ssh', ['running', 'paused', 'shut-off'], '3_reach@1'),
    ],
  },
  'kvm.environment.openConsole': {
    title: 'Open Console',
    // There the domain's own command has the same words.
    palette: NEVER,
    menus: onGuest(['running', 'paused', 'shut-off'], '3_reach@2'),
  },
  'kvm.environment.openFolder': {
    title: 'Open Folder in Guest…',
    icon: 'remote-explorer',
    menus: onGuestWith('ssh', ['running'], '3_reach@3'),
  },
  'kvm.environment.copyTo': {
    title: 'Copy to Guest…',
    menus: [
      ...onGuestWith('ssh', ['running'], '5_copy@1'),
      inExplorer(6, `resourceScheme == file && ${HAS_FILE}`),
    ],
  },
  'kvm.environment.copyFrom': {
    title: 'Copy from Guest…',
    menus: [
      ...onGuestWith('ssh', ['running'], '5_copy@2'),
      inExplorer(7, `resourceScheme == file && explorerResourceIsFolder && ${HAS_FILE}`),
    ],
  },
  'kvm.environment.copyAddress': {
    title: 'Copy Address',
    icon: 'copy',
    palette: NEVER,
    menus: onWorkspaceItem('address', 'inline@1'),
  },
  'kvm.environment.openPort': {
    title: 'Open in Browser',
    icon: 'globe',
    palette: NEVER,
    menus: onWorkspaceItem('port:tcp', 'inline@1'),
  },

  'kvm.environment.provision': {
    title: 'Provision Workspace Guest',
    shortTitle: 'Provision',
    menus: onGuestWith('provision', ['running'], '4_change@1'),
  },
  'kvm.environment.rebuild': {
    title: 'Rebuild Workspace Guest…',
    shortTitle: 'Rebuild…',
    menus: onGuest(['running', 'paused', 'shut-off'], '8_rebuild@1'),
  },
  'kvm.environment.destroy': {
    title: 'Delete Workspace Guest…',
    shortTitle: 'Delete…',
    icon: 'trash',
    menus: [
      workspaceTitle('9_destroy@1', HAS_FILE),
      ...onGuest(['running', 'paused', 'shut-off'], '9_destroy@1'),
      ...onWorkspaceItem('file', '9_destroy@1'),
    ],
  },
  'kvm.environment.destroyDropped': {
    title: 'Delete Guest No Longer Declared…',
    icon: 'trash',
    palette: NEVER,
    menus: onWorkspaceItem('dropped', 'inline@1', '9_destroy@1'),
  },

  'kvm.environment.new': { title: 'Create kvm.yaml', icon: 'new-file' },
  'kvm.environment.createFromImage': {
    title: 'Create Guest from Image…',
    menus: [workspaceTitle('3_new@1'), inExplorer(4, `resourceScheme == file && ${DISK_IMAGE}`)],
  },
  'kvm.environment.createFromIso': {
    title: 'Create Guest from ISO…',
    menus: [workspaceTitle('3_new@2'), inExplorer(4, 'resourceExtname == .iso')],
  },
  'kvm.environment.import': {
    title: 'Import OVA or Disk Image…',
    menus: [workspaceTitle('3_new@3'), inExplorer(4, `resourceScheme == file && ${APPLIANCE}`)],
  },
  'kvm.environment.bootFile': {
    title: 'Boot in KVM',
    icon: 'vm-running',
    menus: [inExplorer(3, `resourceScheme == file && !explorerResourceIsFolder && ${BOOTABLE}`)],
  },
} satisfies Commands;
