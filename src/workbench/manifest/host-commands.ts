import type { Commands } from './command.ts';
import { hostsTitle, onAddedHost, onHost } from './places.ts';

/** The Hosts view and the hosts in it. */
export const hostCommands = {
  'kvm.host.add': { title: 'Add Host…', icon: 'add', menus: [hostsTitle('navigation@1')] },
  'kvm.host.connect': {
    title: 'Connect to Host',
    icon: 'plug',
    menus: onHost(['disconnected', 'failed'], '1_connection@1', 'inline@1'),
  },
  'kvm.host.disconnect': {
    title: 'Disconnect from Host',
    icon: 'debug-disconnect',
    menus: onHost(['connected', 'connecting', 'reconnecting'], '1_connection@2'),
  },
  'kvm.host.copyUri': { title: 'Copy Host URI', menus: onHost([], '8_copy@1') },
  'kvm.host.remove': { title: 'Remove Host', menus: onAddedHost('9_remove@1') },
  'kvm.refresh': { title: 'Refresh', icon: 'refresh', menus: [hostsTitle('navigation@3')] },
  'kvm.filter': {
    title: 'Filter Domains…',
    icon: 'filter',
    menus: [hostsTitle('navigation@2', '!kvm.filtered')],
  },
  'kvm.clearFilter': {
    title: 'Clear Filter',
    icon: 'filter-filled',
    palette: 'kvm.filtered',
    menus: [hostsTitle('navigation@2', 'kvm.filtered')],
  },
  'kvm.sortByName': { title: 'Sort by Name', menus: [hostsTitle('1_sort@1', 'kvm.order == state')] },
  'kvm.sortByState': { title: 'Sort by State', menus: [hostsTitle('1_sort@1', 'kvm.order != state')] },
  'kvm.showLog': { title: 'Show Log', menus: [hostsTitle('9_log@1')] },
} satisfies Commands;
