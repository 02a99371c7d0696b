import type { Commands } from './command.ts';
import { hostsTitle, inExplorer, inSubmenu, onDomain, onEmptyHost, onHost, onTab } from './places.ts';

const POWER = 'kvm.domain.power';
const GUEST = 'kvm.domain.guest';
const XML = 'kvm.domain.xml';
const DEBUGGING = 'kvm.domain.debugging';
const COPY = 'kvm.domain.copying';

const XML_FILE = 'resourceExtname == .xml';

/** Domains: each command but the last two is an action of the model, which says when it is possible. */
export const domainCommands = {
  'kvm.domain.start': { title: 'Start', icon: 'play', menus: onDomain('start', '1_run@1', 'inline@1') },
  'kvm.domain.startWithConsole': {
    title: 'Start with Console',
    menus: onDomain('startWithConsole', '1_run@2'),
  },
  'kvm.domain.resume': {
    title: 'Resume',
    icon: 'debug-continue',
    menus: onDomain('resume', '1_run@3', 'inline@1'),
  },
  'kvm.domain.suspend': {
    title: 'Suspend',
    icon: 'debug-pause',
    menus: onDomain('suspend', '1_run@4', 'inline@1'),
  },
  'kvm.domain.shutdown': {
    title: 'Shut Down',
    icon: 'debug-stop',
    menus: onDomain('shutdown', '1_run@5', 'inline@2'),
  },

  'kvm.domain.startPaused': { title: 'Start Paused', menus: inSubmenu(POWER, 'startPaused', '1_run@1') },
  'kvm.domain.reboot': { title: 'Reboot', menus: inSubmenu(POWER, 'reboot', '1_run@2') },
  'kvm.domain.reset': { title: 'Reset…', menus: inSubmenu(POWER, 'reset', '1_run@3') },
  'kvm.domain.forceOff': { title: 'Force Off…', menus: inSubmenu(POWER, 'forceOff', '1_run@4') },
  'kvm.domain.managedSave': { title: 'Managed Save', menus: inSubmenu(POWER, 'managedSave', '2_save@1') },
  'kvm.domain.discardManagedSave': {
    title: 'Discard Saved State…',
    menus: inSubmenu(POWER, 'discardManagedSave', '2_save@2'),
  },
  'kvm.domain.enableAutostart': {
    title: 'Enable Autostart',
    menus: inSubmenu(POWER, 'enableAutostart', '3_autostart@1'),
  },
  'kvm.domain.disableAutostart': {
    title: 'Disable Autostart',
    menus: inSubmenu(POWER, 'disableAutostart', '3_autostart@2'),
  },

  'kvm.domain.open': { title: 'Open Domain' },
  'kvm.domain.openConsole': {
    title: 'Open Console',
    icon: 'terminal',
    menus: onDomain('openConsole', '2_look@1', 'inline@3'),
  },
  'kvm.domain.openDisplay': {
    title: 'Open Display',
    icon: 'vm',
    menus: onDomain('openDisplay', '2_look@2', 'inline@4'),
  },
  'kvm.domain.guestAgent': { title: 'Guest Agent…', menus: inSubmenu(GUEST, 'guestAgent', '1_guest@1') },
  'kvm.domain.takeScreenshot': {
    title: 'Take Screenshot…',
    icon: 'device-camera',
    menus: inSubmenu(GUEST, 'takeScreenshot', '1_guest@2'),
  },

  'kvm.domain.editXml': { title: 'Edit XML', icon: 'code', menus: onDomain('editXml', '3_edit@1') },
  'kvm.domain.rename': { title: 'Rename Domain…', menus: onDomain('rename', '3_edit@2') },
  'kvm.domain.showLiveXml': { title: 'Show Live XML', menus: inSubmenu(XML, 'showLiveXml', '1_show@1') },
  'kvm.domain.compareLive': {
    title: 'Compare Live and Persistent XML',
    menus: inSubmenu(XML, 'compareLive', '2_compare@1'),
  },
  'kvm.domain.compareSnapshot': {
    title: 'Compare with Snapshot…',
    menus: inSubmenu(XML, 'compareSnapshot', '2_compare@2'),
  },
  'kvm.domain.copyXml': { title: 'Copy XML', menus: inSubmenu(XML, 'copyXml', '3_copy@1') },

  'kvm.domain.debug': { title: 'Debug', icon: 'debug-alt', menus: onDomain('debug', '4_debug@1') },
  'kvm.domain.openMonitor': {
    title: 'Open QEMU Monitor',
    icon: 'terminal',
    menus: inSubmenu(DEBUGGING, 'openMonitor', '1_debug@1'),
  },
  'kvm.domain.injectNmi': { title: 'Inject NMI…', menus: inSubmenu(DEBUGGING, 'injectNmi', '1_debug@2') },
  'kvm.domain.dumpMemory': {
    title: 'Dump Guest Memory…',
    menus: inSubmenu(DEBUGGING, 'dumpMemory', '1_debug@3'),
  },
  'kvm.domain.copyLaunchJson': {
    title: 'Copy as launch.json',
    menus: inSubmenu(DEBUGGING, 'copyLaunchJson', '2_copy@1'),
  },

  'kvm.domain.copyName': { title: 'Copy Name', menus: inSubmenu(COPY, 'copyName', '1_copy@1') },
  'kvm.domain.copyUuid': { title: 'Copy UUID', menus: inSubmenu(COPY, 'copyUuid', '1_copy@2') },

  'kvm.domain.undefine': { title: 'Undefine…', menus: onDomain('undefine', '9_remove@1') },

  'kvm.domain.define': {
    title: 'Define Domain from XML File…',
    icon: 'new-file',
    menus: [
      hostsTitle('2_new@1'),
      ...onHost(['connected'], '2_new@1'),
      ...onEmptyHost('2_new@1', 'inline@1'),
      inExplorer(1, XML_FILE),
      onTab(1, `${XML_FILE} && resourceScheme != libvirt`),
    ],
  },
  'kvm.domain.create': {
    title: 'Create Transient Domain from XML File…',
    menus: [
      hostsTitle('2_new@2'),
      ...onHost(['connected'], '2_new@2'),
      ...onEmptyHost('2_new@2'),
      inExplorer(2, XML_FILE),
      onTab(2, `${XML_FILE} && resourceScheme != libvirt`),
    ],
  },
} satisfies Commands;
