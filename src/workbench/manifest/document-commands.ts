import type { Commands } from './command.ts';
import { hostsTitle, onHost, onTab } from './places.ts';

/** The document in front is XML that no host has yet. */
const OWN_XML = 'editorLangId == xml && resourceScheme != libvirt';

/** XML documents: what hosts have, and what they are to have. */
export const documentCommands = {
  'kvm.document.newDomain': { title: 'New Domain from Template…', menus: [hostsTitle('2_new@0')] },
  'kvm.document.newNetwork': { title: 'New Network from Template…' },
  'kvm.document.newPool': { title: 'New Storage Pool from Template…' },
  'kvm.document.newVolume': { title: 'New Volume from Template…' },
  'kvm.document.newSnapshot': { title: 'New Snapshot from Template…' },
  'kvm.document.open': { title: 'Open XML of…', menus: onHost(['connected'], '3_xml@1') },
  'kvm.document.chooseHost': { title: 'Choose Host of XML File…', palette: OWN_XML },
  'kvm.document.define': {
    title: 'Define on Host…',
    icon: 'cloud-upload',
    palette: OWN_XML,
    menus: [
      onTab(0, 'resourceLangId == xml && resourceScheme != libvirt'),
      {
        menu: 'editor/title',
        group: 'navigation@1',
        when: 'resourceLangId == xml && resourceScheme == untitled',
      },
    ],
  },
  'kvm.document.save': { title: 'Save to Host', palette: 'resourceScheme == libvirt' },
  'kvm.document.applyLive': { title: 'Apply Device Changes Live', palette: 'resourceScheme == libvirt' },
} satisfies Commands;
