import type { Commands } from './command.ts';
import { hostsTitle, inExplorer, onDomain, onEmptyHost, onHost, onTab } from './places.ts';

const XML_FILE = 'resourceExtname == .xml';

/** Domains: each command but the last two is an action of the model, which says when it is possible. */
export const domainCommands = {
  'kvm.domain.openConsole': {
    title: 'Open Console',
    icon: 'terminal',
    menus: onDomain('openConsole', '0_look@1', 'inline@3'),
  },
  'kvm.domain.openDisplay': {
    title: 'Open Display',
    icon: 'vm',
    menus: onDomain('openDisplay', '0_look@2', 'inline@4'),
  },
  'kvm.domain.takeScreenshot': {
    title: 'Take Screenshot…',
    icon: 'device-camera',
    menus: onDomain('takeScreenshot', '0_look@3'),
  },
  'kvm.domain.guestAgent': { title: 'Guest Agent…', menus: onDomain('guestAgent', '0_look@4') },

  'kvm.domain.start': { title: 'Start', icon: 'play', menus: onDomain('start', '1_run@1', 'inline@1') },
  'kvm.domain.startWithConsole': {
    title: 'Start with Console',
    menus: onDomain('startWithConsole', '1_run@1.5'),
  },
  'kvm.domain.startPaused': { title: 'Start Paused', menus: onDomain('startPaused', '1_run@2') },
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
    menus: onDomain('shutdown', '2_stop@1', 'inline@2'),
  },
  'kvm.domain.reboot': { title: 'Reboot', menus: onDomain('reboot', '2_stop@2') },
  'kvm.domain.reset': { title: 'Reset…', menus: onDomain('reset', '2_stop@3') },
  'kvm.domain.forceOff': { title: 'Force Off…', menus: onDomain('forceOff', '2_stop@4') },

  'kvm.domain.managedSave': { title: 'Managed Save', menus: onDomain('managedSave', '3_save@1') },
  'kvm.domain.discardManagedSave': {
    title: 'Discard Saved State…',
    menus: onDomain('discardManagedSave', '3_save@2'),
  },

  'kvm.domain.editXml': { title: 'Edit XML', icon: 'code', menus: onDomain('editXml', '4_edit@1') },
  'kvm.domain.rename': { title: 'Rename Domain…', menus: onDomain('rename', '4_edit@2') },
  'kvm.domain.enableAutostart': { title: 'Enable Autostart', menus: onDomain('enableAutostart', '4_edit@3') },
  'kvm.domain.disableAutostart': {
    title: 'Disable Autostart',
    menus: onDomain('disableAutostart', '4_edit@4'),
  },

  'kvm.domain.showLiveXml': { title: 'Show Live XML', menus: onDomain('showLiveXml', '5_xml@1') },
  'kvm.domain.compareLive': {
    title: 'Compare Live and Persistent XML',
    menus: onDomain('compareLive', '5_xml@2'),
  },
  'kvm.domain.compareSnapshot': {
    title: 'Compare with Snapshot…',
    menus: onDomain('compareSnapshot', '5_xml@3'),
  },

  'kvm.domain.debug': { title: 'Debug', icon: 'debug-alt', menus: onDomain('debug', '6_debug@1') },
  'kvm.domain.copyLaunchJson': {
    title: 'Copy as launch.json',
    menus: onDomain('copyLaunchJson', '6_debug@2'),
  },
  'kvm.domain.openMonitor': {
    title: 'Open QEMU Monitor',
    icon: 'terminal',
    menus: onDomain('openMonitor', '6_debug@3'),
  },
  'kvm.domain.injectNmi': { title: 'Inject NMI…', menus: onDomain('injectNmi', '6_debug@4') },
  'kvm.domain.dumpMemory': { title: 'Dump Guest Memory…', menus: onDomain('dumpMemory', '6_debug@5') },

  'kvm.domain.copyName': { title: 'Copy Name', menus: onDomain('copyName', '8_copy@1') },
  'kvm.domain.copyUuid': { title: 'Copy UUID', menus: onDomain('copyUuid', '8_copy@2') },
  'kvm.domain.copyXml': { title: 'Copy XML', menus: onDomain('copyXml', '8_copy@3') },

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
