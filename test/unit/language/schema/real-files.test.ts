import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { installedSchemas } from '../../../../scripts/lib/compile-schemas.ts';
import { checkDocument } from '../../../../src/language/checks/check-document.ts';
import { kindOfDocument } from '../../../../src/language/schema/document-kind.ts';
import { relaxngFolder, SchemaSet } from '../../../../src/language/schema/schema-set.ts';
import { validate } from '../../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';

const options = existsSync(installedSchemas) ? {} : { skip: 'libvirt’s schemas are not installed' };

const QEMU = 'http://libvirt.org/schemas/domain/qemu/1.0';

interface Parts {
  readonly root?: string;
  readonly beside?: string;
  readonly devices?: string;
  readonly behind?: string;
}

function domain({ root = '', beside = '', devices = '', behind = '' }: Parts): string {
  return `<domain type='qemu'${root}>
  <name>a</name>
  <memory>65536</memory>
  ${beside}
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>${devices}</devices>
  ${behind}
</domain>
`;
}

/** What people have in their files, each with what is told of it: nothing, when it is right. */
const FILES: Readonly<Record<string, { readonly text: string; readonly told?: readonly string[] }>> = {
  'the namespace of QEMU under another prefix': {
    text: domain({
      root: ` xmlns:q='${QEMU}'`,
      behind: "<q:commandline><q:arg value='-s'/></q:commandline>",
    }),
  },
  'the namespace of QEMU as the default, where it is used': {
    text: domain({ behind: `<commandline xmlns='${QEMU}'><arg value='-s'/></commandline>` }),
  },
  'a comment with dashes apart and tabs before the root': {
    text: `<!--\n\t RUN - - with dashes\n-->\n\n${domain({})}`,
  },
  'what other programs keep in the metadata': {
    text: domain({
      beside:
        '<metadata><vmtemplate xmlns="unraid" name="Linux"/><m:a.b-c xmlns:m="https://example.org/x">1</m:a.b-c></metadata>',
    }),
  },
  'the driver of a file system behind its source': {
    text: domain({
      beside: "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>",
      devices:
        "<filesystem type='mount'><source dir='/s'/><target dir='s'/><driver type='virtiofs'/></filesystem>",
    }),
  },
  'an attribute that a program left empty': {
    text: domain({
      devices:
        "<hostdev mode='subsystem' type='mdev' managed='' model='vfio-pci'><source><address uuid='5bfcd486-c5eb-43e4-a5ee-973666900001'/></source></hostdev>",
    }),
    told: ["bad-value: managed=''"],
  },
  'the live XML of a guest that ran': {
    text: domain({
      devices:
        "<console type='pty' tty='/dev/pts/1'><source path='/dev/pts/1'/><target type='serial' port='0'/><alias name='serial0'/></console><interface type='network'><mac address='52:54:00:d9:0b:01'/><source network='default' portid='11111111-2222-3333-4444-555555555555' bridge='virbr0'/><target dev='vnet0'/><alias name='net0'/></interface>",
      behind: "<seclabel type='dynamic' model='dac' relabel='yes'><label>+64055:+109</label></seclabel>",
    }).replace("type='qemu'", "type='qemu' id='45'"),
  },
  'two devices at one address, in another notation': {
    text: domain({
      devices:
        "<interface type='user'><address type='pci' bus='0x00' slot='0x0a' function='0x0'/></interface><memballoon model='virtio'><address type='pci' bus='0' slot='10' function='0'/></memballoon>",
    }),
    told: ["duplicate-address: <address type='pci' bus='0' slot='10' function='0'/>"],
  },
  'a filter that keeps out all the rest': {
    text: domain({
      devices:
        "<redirfilter><usbdev class='-1' vendor='-1' product='-1' version='-1' allow='no'/></redirfilter><tpm model='tpm-crb'><backend type='emulator' version='2.0' persistent_state='yes'/></tpm><vsock model='virtio'><cid auto='yes'/></vsock>",
    }),
  },
  'a pool that another tool has made': {
    text: '<pool type="zfs"><name>zfs</name><capacity unit="bytes">8985071583232</capacity><source><name>tank</name></source><target><path>/dev/zvol/tank</path></target></pool>',
  },
  'a pool without its folder': {
    text: "<pool type='dir'><name>p</name></pool>",
    told: ['missing-element: pool'],
  },
  'options for dnsmasq': {
    text: "<network xmlns:dnsmasq='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>n</name><bridge name='virbr9'/><ip address='10.9.9.1' prefix='24'><dhcp><range start='10.9.9.2' end='10.9.9.99'/></dhcp></ip><dnsmasq:options><dnsmasq:option value='cname=a.lab,b.lab'/></dnsmasq:options></network>",
  },
  'quotes from a word processor': {
    text: '<domain type=”kvm”><name>a</name><memory>1</memory><os><type>hvm</type></os></domain>',
    told: ['unquoted-value: ”kvm”'],
  },
  'a declaration behind an empty line': {
    text: `\n<?xml version='1.0'?>\n${domain({})}`,
    told: ["bad-declaration: <?xml version='1.0'?>"],
  },
  'dashes in a comment': {
    text: domain({ behind: '<!-- a -- b -->' }),
    told: ['bad-comment: --'],
  },
  'places behind characters of more than one unit': {
    text: `\uFEFF${domain({ behind: '<title>😀中</title><wrong/>' })}`,
    told: ['unexpected-element: wrong'],
  },
  'a disk alone, for attach-device': {
    text: "<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vdb' bus='virtio'/></disk>",
  },
  'a network card alone, with its link and its MTU': {
    text: "<interface type='network'><source network='default'/><link state='down'/><mtu size='1400'/></interface>",
  },
  'a USB device of the host alone': {
    text: "<hostdev mode='subsystem' type='usb'><source><address bus='1' device='4'/></source></hostdev>",
  },
  'mistakes in a device alone': {
    text: "<interface type='network'><sorce network='default'/><link state='dwn'/></interface>",
    told: ['unexpected-element: sorce', 'bad-value: dwn'],
  },
  'what libvirt refuses in a device alone': {
    text: "<disk type='file' device='cdrom'><source file='/a'/><target dev='vdb' bus='virtio'/></disk>",
    told: ['wrong-bus: virtio'],
  },
};

suite('People’s files', options, () => {
  const schemas = new SchemaSet(relaxngFolder(installedSchemas));
  for (const [name, { text, told = [] }] of Object.entries(FILES))
    test(name, () => {
      const document = parseDocument(text);
      const kind = kindOfDocument(document);
      assert.ok(kind);
      const found = validate(document, schemas.get(kind)).filter(({ severity }) => severity !== 'hint');
      const all = found.some(({ severity }) => severity === 'error')
        ? found
        : [...found, ...checkDocument(document)];
      assert.deepEqual(
        all.map(({ code, start, end }) => `${code}: ${text.slice(start, end)}`),
        told,
      );
    });
});
