import assert from 'node:assert/strict';
import { parseXml } from '../../../../src/client/libvirt/xml-object.ts';
import { userNetworkOf } from '../../../../src/engines/environment/access/find-address.ts';
import { readProgress } from '../../../../src/engines/environment/deploy/progress.ts';
import { recordIn } from '../../../../src/engines/environment/deploy/record.ts';
import { checkDomain } from '../../../../src/language/checks/check-domain.ts';
import { format } from '../../../../src/language/xml/format.ts';
import { locate } from '../../../../src/language/xml/locate.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { readNetworkDetails } from '../../../../src/model/inventory/kinds/network-details.ts';
import { readDeviceDetails } from '../../../../src/model/inventory/kinds/node-device-details.ts';
import { readPoolDetails } from '../../../../src/model/inventory/kinds/pool-details.ts';
import type { Random } from '../../fuzz/random.ts';
import { type Kind, kindOf } from '../kind.ts';
import { damaged, hostileText } from '../text.ts';

const DOCUMENTS = [
  `<domain type="qemu" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>web</name><uuid>00000000-0000-0000-0000-000000000001</uuid><title>t</title>
  <metadata><kvm:owner xmlns:kvm="urn:kvm-workbench:1" by="environment" id="i" guest="g" hash="h"><kvm:volume pool="p" name="n"/></kvm:owner>
  <kvmprogress:progress xmlns:kvmprogress="urn:kvm-workbench:progress:1" ready="yes"/></metadata>
  <memory unit="MiB">512</memory><vcpu>2</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type><boot dev="hd"/></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="/x"/><target dev="vda" bus="virtio"/></disk>
    <interface type="user"><alias name="net0"/><model type="virtio"/></interface>
    <controller type="pci" index="0" model="pci-root"/><serial type="pty"><target port="0"/></serial>
    <graphics type="vnc" port="-1" autoport="yes" listen="127.0.0.1"><listen type="address" address="127.0.0.1"/></graphics>
  </devices><!-- end --></domain>`,
  `<pool type="dir"><name>p</name><capacity unit="bytes">1</capacity><target><path>/p</path></target></pool>`,
  `<network><name>n</name><forward mode="nat"/><bridge name="virbr0"/><ip address="192.168.1.1" netmask="255.255.255.0"><dhcp><range start="192.168.1.2" end="192.168.1.9"/></dhcp></ip></network>`,
  `<device><name>pci_0000_00_1f_2</name><capability type="pci"><product id="0x2922">x</product><vendor id="0x8086">y</vendor></capability></device>`,
];

function document(random: Random): string {
  if (random.chance(0.1)) return hostileText(random, 20);
  const text = damaged(random.pick(DOCUMENTS), random);
  if (!random.chance(0.02)) return text;
  const count = random.below(3000);
  return random.pick([
    () => '<a>'.repeat(count) + text,
    () => text + '</a>'.repeat(count),
    () => `<a ${'b="c" '.repeat(count)}/>`,
  ])();
}

/** Ours takes any text and says what is wrong with it. */
function lookAsEditor(text: string, random: Random): void {
  const parsed = parseDocument(text);
  checkDomain(parsed);
  for (let count = 0; count < 3; count += 1) locate(parsed, random.below(text.length + 1));
  const formatted = format(text);
  if (text.length < 20_000) assert.equal(format(formatted), formatted, 'what is formatted stays as it is');
}

/** What reads facts out of a daemon's XML either finds them or says that it is no XML. */
function lookAsDaemon(text: string): void {
  const readers: readonly ((xml: string) => unknown)[] = [
    (xml) => readProgress(parseXml(xml)),
    recordIn,
    userNetworkOf,
    readNetworkDetails,
    readPoolDetails,
    (xml) => readDeviceDetails('d', xml),
  ];
  for (const read of readers)
    try {
      read(text);
    } catch (error) {
      assert.ok(
        error instanceof Error && !(error instanceof TypeError || error instanceof RangeError),
        `${read.name}: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
}

export const xml: readonly Kind[] = [
  kindOf('XML in the editor', 8000, document, lookAsEditor),
  kindOf('XML of a daemon', 8000, document, (text) => lookAsDaemon(text)),
];
