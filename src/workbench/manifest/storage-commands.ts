import type { Commands } from './command.ts';
import { onBranch, onObject } from './places.ts';

/** Storage pools and their volumes. */
export const storageCommands = {
  'kvm.pool.create': {
    title: 'New Storage Pool…',
    icon: 'add',
    menus: onBranch('pool', '1_new@1', 'inline@1'),
  },
  'kvm.pool.start': {
    title: 'Start Storage Pool',
    icon: 'play',
    menus: onObject('pool', 'start', '1_run@1', 'inline@1'),
  },
  'kvm.pool.stop': { title: 'Stop Storage Pool', menus: onObject('pool', 'stop', '1_run@2') },
  'kvm.pool.refresh': {
    title: 'Refresh Storage Pool',
    icon: 'refresh',
    menus: onObject('pool', 'refresh', '1_run@3', 'inline@2'),
  },
  'kvm.volume.create': {
    title: 'New Volume…',
    icon: 'add',
    menus: onObject('pool', 'createVolume', '2_volumes@1', 'inline@1'),
  },
  'kvm.pool.upload': { title: 'Upload to Pool…', menus: onObject('pool', 'upload', '2_volumes@2') },
  'kvm.pool.enableAutostart': {
    title: 'Enable Autostart of Pool',
    menus: onObject('pool', 'enableAutostart', '3_edit@2'),
  },
  'kvm.pool.disableAutostart': {
    title: 'Disable Autostart of Pool',
    menus: onObject('pool', 'disableAutostart', '3_edit@2'),
  },
  'kvm.pool.remove': { title: 'Remove Storage Pool…', menus: onObject('pool', 'remove', '9_remove@1') },
  'kvm.volume.resize': { title: 'Resize Volume…', menus: onObject('volume', 'resize', '2_volumes@1') },
  'kvm.volume.clone': { title: 'Clone Volume…', menus: onObject('volume', 'clone', '2_volumes@2') },
  'kvm.volume.download': {
    title: 'Download Volume…',
    menus: onObject('volume', 'download', '2_volumes@3'),
  },
  'kvm.volume.copyPath': { title: 'Copy Path of Volume', menus: onObject('volume', 'copyPath', '8_copy@1') },
  'kvm.volume.wipe': { title: 'Wipe Volume…', menus: onObject('volume', 'wipe', '9_remove@1') },
  'kvm.volume.delete': { title: 'Delete Volume…', menus: onObject('volume', 'delete', '9_remove@2') },
} satisfies Commands;
