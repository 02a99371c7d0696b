import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { connect } from '../../../src/libvirt/connect.ts';
import { ErrorCode } from '../../../src/libvirt/error.ts';
import { child, parseXml, text } from '../../../src/libvirt/xml-object.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { refused, useBench } from './support.ts';

suite('A host', () => {
  const bench = useBench();

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
  const bench = useBench();

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
