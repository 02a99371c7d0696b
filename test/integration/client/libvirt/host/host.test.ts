import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';
import { connect } from '../../../../../src/client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../../../src/client/libvirt/error.ts';
import {
  DefineInterface,
  InterfaceXml,
  ListInterfaces,
} from '../../../../../src/client/libvirt/host/interface.ts';
import {
  DefineNodeDevice,
  ListNodeDevices,
  type NodeDeviceEvent,
} from '../../../../../src/client/libvirt/host/node-device.ts';
import {
  DefineSecret,
  ListSecrets,
  type SecretEvent,
  type SecretRef,
  SecretUsage,
} from '../../../../../src/client/libvirt/host/secret.ts';
import { child, parseXml, text } from '../../../../../src/client/libvirt/xml-object.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { Heard, refused, useBench } from '../support.ts';

const bench = useBench();

suite('A host', () => {
  test('says what its CPUs and memory are, as virsh does', async () => {
    const info = await bench.qemu.host.info();
    const virsh = new Map(
      (await bench.daemon.virsh('nodeinfo')).split('\n').map((line) => {
        const [name = '', value = ''] = line.split(':');
        return [name, value.trim()];
      }),
    );
    assert.equal(info.model, virsh.get('CPU model'));
    assert.equal(info.cpus, Number(virsh.get('CPU(s)')));
    assert.equal(info.cores, Number(virsh.get('Core(s) per socket')));
    assert.equal(info.threads, Number(virsh.get('Thread(s) per core')));
    assert.equal(info.sockets, Number(virsh.get('CPU socket(s)')));
    assert.equal(info.numaNodes, Number(virsh.get('NUMA cell(s)')));
    assert.equal(`${info.memoryKiB} KiB`, virsh.get('Memory size'));
    assert.equal(typeof info.mhz, 'number');
  });

  test("the test driver's made-up host is told apart field by field", async () => {
    assert.deepEqual(await bench.test.host.info(), {
      model: 'i686',
      memoryKiB: 3_145_728,
      cpus: 16,
      mhz: 1400,
      numaNodes: 2,
      sockets: 2,
      cores: 2,
      threads: 2,
    });
    assert.equal(await bench.test.daemonUri(), 'test:///default');
  });

  test('says what confines its domains, and what a domain is confined by', async () => {
    assert.deepEqual(await bench.qemu.host.securityModel(), { model: 'none', doi: '0' });
    assert.deepEqual(await bench.test.host.securityModel(), { model: 'testSecurity', doi: '' });
    const domain = await bench.test.domains.lookupByName('test');
    assert.deepEqual(await bench.test.domains.securityLabel(domain), {
      label: 'libvirt-test',
      enforcing: true,
    });
  });

  test('counts time and memory', async () => {
    const { host } = bench.qemu;
    const [all, first] = [await host.cpuStats(), await host.cpuStats(0)];
    assert.ok(all.user !== undefined && first.user !== undefined && all.user >= first.user);
    assert.ok(all.kernel !== undefined && all.idle !== undefined && all.ioWait !== undefined);
    const memory = await host.memoryStats();
    assert.ok((memory.totalKiB ?? 0) > (memory.freeKiB ?? 0));
    assert.ok((memory.cachedKiB ?? -1) >= 0 && (memory.buffersKiB ?? -1) >= 0);
    const free = Number(await host.freeMemory());
    assert.ok(free > 0 && free < (memory.totalKiB ?? 0) * 1024);
  });

  test('says what it can do', async () => {
    const { host } = bench.qemu;
    const of = { arch: 'x86_64', virtType: 'qemu', machine: 'pc' };
    const capabilities = child(parseXml(await host.domainCapabilities(of)), 'domainCapabilities');
    assert.equal(text(capabilities, 'domain'), 'qemu');
    assert.equal(text(capabilities, 'arch'), 'x86_64');
    assert.match(text(capabilities, 'machine') ?? '', /^pc-i440fx/);
    const emulator = text(capabilities, 'path') ?? '';
    assert.match(await host.domainCapabilities({ emulator, virtType: 'qemu' }), new RegExp(emulator));

    assert.ok((await host.cpuModels('x86_64')).includes('qemu64'));
    assert.ok((await host.maxVcpus('qemu')) >= 1);
    assert.match(await host.storagePoolCapabilities(), /<pool type='dir' supported='yes'>/);
    assert.match(await bench.test.host.sysinfo(), /<sysinfo type='smbios'>/);
    await refused(host.domainCapabilities({ arch: 'pdp11' }), ErrorCode.INVALID_ARG, /pdp11/);
  });

  test("turns XML into QEMU's command line, and knows no way back", async () => {
    const xml = tinyOsXml({ name: 'native', kernel: await bench.daemon.tinyOsElf() });
    const command = await bench.qemu.host.xmlToNative('qemu-argv', xml);
    assert.match(command, /qemu-system-x86_64.* -name guest=native/s);
    await refused(bench.qemu.host.xmlFromNative('qemu-argv', command), ErrorCode.NO_SUPPORT, /not supported/);
  });

  test('says whether the way to the hypervisor is secure', async () => {
    assert.equal(await bench.qemu.isSecure(), true);
    assert.equal(
      await bench.qemu.daemonUri(),
      process.getuid?.() === 0 ? 'qemu:///system' : 'qemu:///session',
    );
  });
});

suite('The end of a connection', () => {
  test('is said to the daemon, and can be said twice', async () => {
    const connection = await connect(bench.daemon.testUri, AbortSignal.timeout(10_000));
    await connection.disconnect();
    assert.equal(await connection.closed, undefined);
    await connection.disconnect();
    await assert.rejects(connection.hostname(), { name: 'ConnectionClosedError' });
  });

  test("the driver's own end can be listened for, by several, again and again", async () => {
    const stop = await bench.qemu.onDriverClosed(() => assert.fail('The driver is there'));
    const stopAnother = await bench.qemu.onDriverClosed(() => assert.fail('The driver is there'));
    await stop();
    await stopAnother();
    await (
      await bench.qemu.onDriverClosed(() => assert.fail('The driver is there'))
    )();
  });
});

suite("The host's own network interfaces", () => {
  test('are listed, defined, taken up and down', async () => {
    const { interfaces } = bench.test;
    const [eth1] = await interfaces.list(ListInterfaces.ACTIVE);
    assert.deepEqual(eth1, { name: 'eth1', mac: 'aa:bb:cc:dd:ee:ff' });
    assert.deepEqual(await interfaces.lookupByName('eth1'), eth1);
    assert.deepEqual(await interfaces.lookupByMac('aa:bb:cc:dd:ee:ff'), eth1);
    await refused(interfaces.lookupByName('eth9'), ErrorCode.NO_INTERFACE, /not found/i);

    await interfaces.beginChange();
    const inactive = interfaces.xml(eth1, InterfaceXml.INACTIVE);
    await refused(inactive, ErrorCode.INVALID_ARG, /unsupported flags/);
    const xml = (await interfaces.xml(eth1)).replaceAll('eth1', 'eth2');
    const eth2 = await interfaces.defineXml(xml, DefineInterface.VALIDATE);
    assert.equal(eth2.name, 'eth2');
    assert.equal(await interfaces.isActive(eth2), false);
    await interfaces.start(eth2);
    assert.equal(await interfaces.isActive(eth2), true);
    await interfaces.destroy(eth2);
    await interfaces.rollbackChange();
    assert.deepEqual(await interfaces.list(), [eth1]);

    await interfaces.beginChange();
    const again = await interfaces.defineXml(xml);
    await interfaces.commitChange();
    assert.equal((await interfaces.list()).length, 2);
    await interfaces.undefine(again);
  });
});

suite('Node devices', () => {
  const port = `<device><parent>scsi_host1</parent><capability type='scsi_host'>
    <capability type='fc_host'><wwpn>1000000023452345</wwpn><wwnn>2000000023452345</wwnn></capability>
    </capability></device>`;

  test('form a tree', async () => {
    const { nodeDevices: devices } = bench.test;
    const names = await devices.list();
    assert.ok(names.includes('computer'));
    assert.deepEqual(await devices.list(ListNodeDevices.SYSTEM), ['computer']);
    assert.equal(await devices.lookupByName('computer'), 'computer');
    assert.equal(await devices.parent('computer'), undefined);
    assert.equal(await devices.parent('scsi_host11'), 'scsi_host1');
    assert.deepEqual(await devices.capabilities('computer'), ['system']);
    assert.match(await devices.xml('computer'), /<capability type='system'>/);
    await refused(devices.lookupByName('nothing'), ErrorCode.NO_NODE_DEVICE, /nothing/);
  });

  test('are made and removed, and heard of', async () => {
    const { nodeDevices: devices } = bench.test;
    const heard = new Heard<NodeDeviceEvent>();
    const stop = await devices.onLifecycle(heard.hear);
    const stopUpdates = await devices.onUpdate(() => assert.fail('Nothing is updated'), 'computer');
    const odd = devices.createXml(port.replace('<device>', '<device><gadget/>'), DefineNodeDevice.VALIDATE);
    await refused(odd, ErrorCode.XML_INVALID_SCHEMA, /gadget/);
    const name = await devices.createXml(port);
    assert.deepEqual(await heard.next(), { device: name, event: 'created' });
    await devices.destroy(name);
    assert.deepEqual(await heard.next(), { device: name, event: 'deleted' });
    await stop();
    await stopUpdates();
  });

  test('of a real host refuse in their own words', async () => {
    const { nodeDevices: devices } = bench.qemu;
    const calls = [
      () => devices.isActive('nothing'),
      () => devices.isPersistent('nothing'),
      () => devices.autostart('nothing'),
      () => devices.setAutostart('nothing', true),
      () => devices.undefine('nothing'),
      () => devices.start('nothing'),
      () => devices.detach('nothing', 'vfio'),
      () => devices.reattach('nothing'),
      () => devices.reset('nothing'),
    ];
    const codes = [ErrorCode.NO_NODE_DEVICE, ErrorCode.NO_SUPPORT, ErrorCode.ARGUMENT_UNSUPPORTED];
    for (const call of calls) {
      // Whether it is looked for first, or what a host without IOMMU or udev lacks, differs between hosts.
      await assert.rejects(call(), (error) => {
        assert.ok(isLibvirtError(error, ...codes), String(error));
        assert.match(error.message, /nothing|not supported/i);
        return true;
      });
    }
    const lookup = devices.lookupScsiHost('2000000012341234', '1000000012341234');
    await assert.rejects(lookup, { name: 'RemoteError', procedure: 'NODE_DEVICE_LOOKUP_SCSI_HOST_BY_WWN' });
    const define = devices.defineXml(port);
    await assert.rejects(define, { name: 'RemoteError', procedure: 'NODE_DEVICE_DEFINE_XML' });
  });
});

suite('Secrets', () => {
  test('are kept, told, and heard of', async () => {
    const { secrets } = bench.qemu;
    const heard = new Heard<SecretEvent>();
    const changed = new Heard<{ readonly secret: SecretRef }>();
    const stop = await secrets.onLifecycle(heard.hear);
    const stopChanged = await secrets.onValueChanged(changed.hear);
    const uuid = randomUUID();
    const xml = `<secret ephemeral="yes" private="no"><uuid>${uuid}</uuid>
      <usage type="volume"><volume>/images/a.luks</volume></usage></secret>`;
    const secret = await secrets.defineXml(xml, DefineSecret.VALIDATE);
    assert.deepEqual(secret, { uuid, usageType: SecretUsage.VOLUME, usageId: '/images/a.luks' });
    assert.deepEqual(await heard.next(), { secret, event: 'defined' });
    assert.deepEqual(await secrets.lookupByUuid(uuid), secret);
    assert.deepEqual(await secrets.lookupByUsage(SecretUsage.VOLUME, '/images/a.luks'), secret);
    assert.deepEqual(await secrets.list(ListSecrets.EPHEMERAL | ListSecrets.NO_PRIVATE), [secret]);
    assert.match(await secrets.xml(secret), /ephemeral='yes'/);
    await refused(secrets.value(secret), ErrorCode.NO_SECRET, /does not have a value/);
    const value = Uint8Array.from({ length: 257 }, (_, index) => index % 256);
    await secrets.setValue(secret, value);
    assert.deepEqual(await changed.next(), { secret });
    assert.deepEqual(Uint8Array.from(await secrets.value(secret)), value);
    await assert.rejects(secrets.setValue(secret, new Uint8Array(65_537)), { name: 'RangeError' });
    await secrets.undefine(secret);
    assert.equal((await heard.next()).event, 'undefined');
    await refused(secrets.lookupByUuid(uuid), ErrorCode.NO_SECRET, new RegExp(uuid));
    await stop();
    await stopChanged();

    const hidden = await secrets.defineXml('<secret ephemeral="no" private="yes"/>');
    await secrets.setValue(hidden, Buffer.from('x'));
    await refused(secrets.value(hidden), ErrorCode.INVALID_SECRET, /private/);
    await secrets.undefine(hidden);
  });
});
