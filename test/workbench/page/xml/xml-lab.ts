import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { type SshServer, startSshServer } from '../../../integration/support/ssh-server.ts';
import { openLab } from '../../../support/lab.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { tinyOsXml } from '../../../support/tiny-os.ts';
import { TROUBLED } from './troubled-files.ts';
import { XmlPage } from './xml-page.ts';

export const PASSWORD = 'hush-vnc';

const FILES: Readonly<Record<string, string>> = {
  'web.xml': `<domain type='kvm'>
  <name>web</name>
  <memory unit='GiB'>2</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>

    <interface type='network'>
      <mac address='52:54:00:11:22:33'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
  </devices>
</domain>
`,
  'guest.xml': `<domain type='test'>
  <name>guest</name>
  <memory>65536</memory>
  <os>
    <type arch='i686'>hvm</type>
  </os>
  <devices>
    <interface type='network'>
      <source network='nowhere'/>
    </interface>
  </devices>
</domain>
`,
  'new.xml': '',
  'typed.xml': '',
  ...TROUBLED,
  'pom.xml': '<project>\n  <modelVersion/>\n  <x>\n</project>\n',
};

const NETWORK = `<network>
  <name>wires</name>
  <ip address='192.168.77.1' netmask='255.255.255.0'/>
</network>`;

/** One workbench, one daemon and a folder of files for all that the XML editor shows. */
export interface XmlLab extends AsyncDisposable {
  readonly daemon: PrivateDaemon;
  readonly page: XmlPage;
  readonly folder: string;
  /** The folder of the pool `images`, with the volumes `base.qcow2` and, on top of it, `disk.qcow2`. */
  readonly images: string;
}

async function makeImages(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 });
  const base = join(folder, 'base.qcow2');
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', base, '1M']);
  const backing = ['-b', base, '-F', 'qcow2'];
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, join(folder, 'disk.qcow2')]);
}

/** What the guests are beside tiny-os: `calm` has a password, `running` a channel, `linked` one of each link. */
function extras(images: string): Readonly<Record<string, string>> {
  const disk = `<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${images}/disk.qcow2"/>`;
  const target = '<target dev="vda" bus="virtio"/></disk>';
  const backing = `<backingStore type="file"><format type="qcow2"/><source file="${images}/base.qcow2"/></backingStore>`;
  return {
    calm: `<graphics type="vnc" port="-1" passwd="${PASSWORD}"/>`,
    broken: '',
    raced: '',
    gone: '',
    kept: `${disk}${target}`,
    linked: `${disk}${backing}${target}<disk type="volume" device="disk"><driver name="qemu" type="qcow2"/><source pool="images" volume="disk.qcow2"/><target dev="vdb" bus="virtio"/></disk><interface type="network"><source network="wires"/></interface>`,
    running:
      '<controller type="virtio-serial"/><channel type="unix"><target type="virtio" name="on-the-way"/></channel>',
  };
}

async function furnish(daemon: PrivateDaemon, images: string): Promise<void> {
  const give = async (command: string, xml: string) => {
    const file = join(daemon.folder, `${command}.xml`);
    await writeFile(file, xml);
    await daemon.virsh(command, file);
  };
  await makeImages(images);
  await give('net-define', NETWORK);
  await give(
    'pool-define',
    `<pool type='dir'><name>images</name><target><path>${images}</path></target></pool>`,
  );
  await daemon.virsh('pool-start', 'images');
  const kernel = await daemon.tinyOsElf();
  for (const [name, devices] of Object.entries(extras(images)))
    await daemon.define(tinyOsXml({ name, kernel }).replace('</devices>', `${devices}</devices>`));
  await daemon.virsh('snapshot-create-as', 'kept', 'first', 'as it was');
}

export async function openXmlLab(): Promise<XmlLab> {
  await using undo = new AsyncDisposableStack();
  const [daemon, ssh]: [PrivateDaemon, SshServer] = await Promise.all([
    startPrivateDaemon(),
    startSshServer(),
  ]);
  undo.defer(() => daemon.dispose());
  undo.use(ssh);
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-xml-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  const images = join(daemon.folder, 'images');
  await furnish(daemon, images);
  const { workbench, hosts } = await openLab(folder, daemon, 'calm', [
    { name: 'test host', uri: daemon.testUri },
    { name: 'far host', uri: ssh.uri({ socket: daemon.socket }) },
  ]);
  undo.use(workbench);
  const page = new XmlPage(workbench, hosts, daemon, folder);
  const resources = undo.move();
  return { daemon, page, folder, images, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
