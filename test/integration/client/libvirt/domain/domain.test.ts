import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readDomain } from '../../../../../src/model/inventory/kinds/domain-reader.ts';
import { connect } from '../../../../../src/client/libvirt/connect.ts';
import { Affect } from '../../../../../src/client/libvirt/affect.ts';
import { ChangeDevice, Memory, Vcpus } from '../../../../../src/client/libvirt/domain/devices.ts';
import { DumpCore, DumpFormat } from '../../../../../src/client/libvirt/domain/save.ts';
import {
  AskGuest,
  DefineDomain,
  DestroyDomain,
  DomainMessages,
  type DomainRef,
  DomainXml,
  ListDomains,
  SaveDomain,
  StartDomain,
  UndefineDomain,
} from '../../../../../src/client/libvirt/domain/domain.ts';
import type { DomainEvent } from '../../../../../src/client/libvirt/domain/events.ts';
import { ErrorCode, isLibvirtError } from '../../../../../src/client/libvirt/error.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { Heard, refused, useBench } from '../support.ts';

const iso = (source: string) =>
  `<disk type='file' device='cdrom'><source file='${source}'/><target dev='hdc' bus='ide'/></disk>`;

suite('Domains of QEMU', () => {
  const bench = useBench();

  async function define(name: string, change: (xml: string) => string = (xml) => xml): Promise<DomainRef> {
    const xml = tinyOsXml({ name, kernel: await bench.daemon.tinyOsElf() });
    return bench.qemu.domains.defineXml(change(xml));
  }

  async function virshState(domain: DomainRef): Promise<string> {
    return bench.daemon.virsh('domstate', domain.uuid);
  }

  test('are found and read', async () => {
    const { domains } = bench.qemu;
    const defined = await define('read');
    assert.equal(await domains.isActive(defined), false);
    const domain = await domains.start(defined);
    assert.deepEqual(await domains.lookupById(domain.id), domain);
    assert.deepEqual(await domains.lookupByName('read'), domain);
    assert.deepEqual(await domains.lookupByUuid(domain.uuid), domain);
    assert.equal(await domains.isActive(domain), true);
    assert.equal(await domains.isPersistent(domain), true);
    assert.equal(await domains.isUpdated(domain), false);
    assert.equal(await domains.osType(domain), 'hvm');
    assert.deepEqual(await domains.list(ListDomains.RUNNING), [domain]);
    assert.deepEqual(await domains.list(ListDomains.RUNNING | ListDomains.TRANSIENT), []);
    assert.deepEqual([...(await domains.listStates()).values()], [{ state: 'running', reason: 1 }]);
    assert.match(await domains.xml(domain, DomainXml.INACTIVE), /^<domain type='qemu'>/);
    await domains.destroy(domain, DestroyDomain.GRACEFUL);
    assert.deepEqual(await domains.state(domain), { state: 'shut-off', reason: 2 });
    assert.equal(await virshState(domain), 'shut off');
    await domains.undefine(domain);
    await refused(domains.lookupByName('read'), ErrorCode.NO_DOMAIN, /no domain with matching name 'read'/);
    await refused(domains.lookupById(4711), ErrorCode.NO_DOMAIN, /4711/);
  });

  test('are checked against the schema when asked to', async () => {
    const xml = tinyOsXml({ name: 'odd', kernel: '/k' }).replace('<devices>', '<gadgets/><devices>');
    const { domains } = bench.qemu;
    await refused(domains.defineXml(xml, DefineDomain.VALIDATE), ErrorCode.XML_INVALID_SCHEMA, /gadgets/);
  });

  test('start paused, suspend, resume, reset and answer to the power button', async () => {
    const { domains } = bench.qemu;
    const domain = await domains.createXml(
      tinyOsXml({ name: 'transient', kernel: await bench.daemon.tinyOsElf() }),
      StartDomain.PAUSED,
    );
    assert.equal((await domains.info(domain)).state, 'paused');
    await domains.resume(domain);
    assert.equal(await virshState(domain), 'running');
    await domains.suspend(domain);
    assert.deepEqual(await domains.state(domain), { state: 'paused', reason: 1 });
    assert.equal(await virshState(domain), 'paused');
    await domains.resume(domain);
    await domains.reset(domain);
    const info = await domains.info(domain);
    assert.deepEqual([info.vcpus, info.memoryKiB, info.maxMemoryKiB], [1, 16_384, 16_384]);
    assert.ok(info.cpuTime > 0n);
    assert.equal((await readDomain(domains, domain.uuid)).persistent, false);
    // Whether the guest listens is its own affair; that libvirt took the flags is ours.
    await domains.reboot(domain, AskGuest.ACPI);
    await domains.shutdown(domain, AskGuest.ACPI);
    await refused(domains.shutdown(domain, AskGuest.AGENT), ErrorCode.ARGUMENT_UNSUPPORTED, /agent/);
    assert.deepEqual(await domains.messages(domain, DomainMessages.DEPRECATION), []);
    await bench.qemu.qemu.monitorCommand(domain, '{"execute":"query-status"}');
    assert.match((await domains.messages(domain)).join(), /tainted/);
    await domains.destroy(domain);
    await refused(domains.state(domain), ErrorCode.NO_DOMAIN, /transient/);
    await assert.rejects(readDomain(domains, domain.uuid), { code: ErrorCode.NO_DOMAIN });
  });

  test('have a title, a description, and what others note about them', async () => {
    const { domainMetadata: metadata, domains } = bench.qemu;
    const domain = await define('noted');
    const namespace = 'https://example.org/notes';
    await refused(metadata.title(domain), ErrorCode.NO_DOMAIN_METADATA, /metadata not found/);
    await metadata.setTitle(domain, 'A “title”');
    await metadata.setDescription(domain, 'Two\nlines', Affect.CONFIG);
    await metadata.setElement(domain, { namespace, prefix: 'n', xml: '<note by="me">hello</note>' });
    assert.equal(await metadata.title(domain), 'A “title”');
    assert.equal(await metadata.description(domain), 'Two\nlines');
    assert.match(await metadata.element(domain, namespace), /<note by="me">hello<\/note>/);
    assert.equal(await bench.daemon.virsh('desc', 'noted', '--title'), 'A “title”');
    await metadata.setTitle(domain, undefined);
    await metadata.setElement(domain, { namespace, prefix: 'n', xml: undefined });
    await refused(metadata.title(domain), ErrorCode.NO_DOMAIN_METADATA, /metadata not found/);
    await refused(metadata.element(domain, namespace), ErrorCode.NO_DOMAIN_METADATA, /metadata not found/);

    await metadata.setLifecycleAction(domain, 'crash', 'coredump-restart', Affect.CONFIG);
    await metadata.setLifecycleAction(domain, 'reboot', 'destroy');
    const xml = await domains.xml(domain);
    assert.match(xml, /<on_crash>coredump-restart<\/on_crash>/);
    assert.match(xml, /<on_reboot>destroy<\/on_reboot>/);
    await domains.undefine(domain);
  });

  test('are renamed, start with the host or do not', async () => {
    const { domains } = bench.qemu;
    const domain = await define('old');
    await domains.rename(domain, 'new');
    assert.equal(await bench.daemon.virsh('domname', domain.uuid), 'new');
    await domains.setAutostart(domain, true);
    assert.equal(await domains.autostart(domain), true);
    assert.match(await bench.daemon.virsh('dominfo', 'new'), /Autostart: +enable/);
    assert.deepEqual(
      (await domains.list(ListDomains.AUTOSTART)).map(({ name }) => name),
      ['new'],
    );
    await domains.setAutostart(domain, false);
    await domains.undefine(domain, UndefineDomain.MANAGED_SAVE | UndefineDomain.SNAPSHOTS_METADATA);
  });

  test('go to managed save images, whose XML can be read and changed', async () => {
    const { domains, domainImages } = bench.qemu;
    const domain = await domains.start(await define('saved'));
    await domains.managedSave(domain, SaveDomain.PAUSED);
    assert.equal(await domains.hasManagedSave(domain), true);
    assert.deepEqual(
      (await domains.list(ListDomains.MANAGED_SAVE)).map(({ name }) => name),
      ['saved'],
    );
    const xml = await domainImages.managedXml(domain, DomainXml.SECURE);
    assert.match(xml, /<name>saved<\/name>/);
    await domainImages.defineManagedXml(domain, xml.replace('</name>', '</name><title>t</title>'));
    assert.match(await domainImages.managedXml(domain), /<title>t<\/title>/);
    const again = await domains.start(domain);
    assert.equal((await domains.state(again)).state, 'paused');
    await domains.managedSave(again, SaveDomain.RUNNING);
    const restored = await domains.start(domain);
    assert.deepEqual(await domains.state(restored), { state: 'running', reason: 3 });
    await domains.managedSave(restored);
    await domains.removeManagedSave(domain);
    assert.equal(await domains.hasManagedSave(domain), false);
    await domains.managedSave(await domains.start(domain));
    await refused(domains.undefine(domain), ErrorCode.OPERATION_INVALID, /managed save/);
    await domains.undefine(domain, UndefineDomain.MANAGED_SAVE);
    await assert.rejects(readDomain(domains, domain.uuid), { code: ErrorCode.NO_DOMAIN });
  });

  test('go to files and come back changed', async () => {
    const { domains, domainImages } = bench.qemu;
    const domain = await domains.start(await define('filed'));
    const file = join(bench.daemon.folder, 'lib', 'filed.save');
    const passes = new Heard<DomainEvent<'migrationIteration'>>();
    const stop = await bench.qemu.domainEvents.on('migrationIteration', passes.hear);
    await domainImages.save(domain, file, { flags: SaveDomain.RUNNING });
    // Saving is migrating to a file.
    assert.deepEqual(await passes.next(), { domain, iteration: 1 });
    await stop();
    assert.deepEqual(await domains.state(domain), { state: 'shut-off', reason: 5 });
    const xml = await domainImages.xml(file);
    assert.match(xml, /<name>filed<\/name>/);
    await domainImages.defineXml(
      file,
      xml.replace('</name>', '</name><title>one</title>'),
      SaveDomain.PAUSED,
    );
    const changed = (await domainImages.xml(file, DomainXml.SECURE)).replace('one', 'two');
    await domainImages.restore(file, { xml: changed });
    const restored = await domains.lookupByName('filed');
    assert.equal((await domains.state(restored)).state, 'paused');
    assert.match(await domains.xml(restored), /<title>two<\/title>/);
    await domains.destroy(restored);
    await domains.undefine(domain);
  });

  test('leave core dumps of both kinds', async () => {
    const { domains, domainImages } = bench.qemu;
    const domain = await domains.start(await define('dumped'));
    const file = join(bench.daemon.folder, 'lib', 'dumped.elf');
    await domainImages.dumpCore(domain, file, DumpFormat.RAW, DumpCore.MEMORY_ONLY | DumpCore.LIVE);
    assert.ok((await stat(file)).size > 16 * 1024 * 1024);
    assert.equal((await domains.state(domain)).state, 'running');
    await domainImages.dumpCore(domain, `${file}.2`, undefined, DumpCore.CRASH);
    assert.deepEqual(await domains.state(domain), { state: 'shut-off', reason: 3 });
    await domains.undefine(domain);
  });

  test('get and lose devices, running and defined', async () => {
    const { domains, domainDevices } = bench.qemu;
    const rng = `<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>`;
    const domain = await define('devices');
    await domainDevices.attach(domain, rng, ChangeDevice.CONFIG);
    assert.match(await domains.xml(domain), /<rng model='virtio'>/);
    await domainDevices.detach(domain, rng, ChangeDevice.CONFIG);
    assert.doesNotMatch(await domains.xml(domain), /<rng/);

    const running = await domains.start(domain);
    await domainDevices.attach(running, rng, ChangeDevice.LIVE);
    assert.match(await domains.xml(running), /<alias name='rng0'\/>/);
    // Without drivers the guest lets go of nothing: that it is asked is all there is to see.
    await domainDevices.detachByAlias(running, 'rng0');
    await refused(domainDevices.detachByAlias(running, 'rng7'), ErrorCode.INTERNAL_ERROR, /rng7/);
    await domains.destroy(running);

    const elf = await bench.daemon.tinyOsElf();
    await domainDevices.attach(domain, iso(elf), ChangeDevice.CONFIG);
    await domainDevices.update(domain, iso('/other.iso'), ChangeDevice.CONFIG | ChangeDevice.FORCE);
    assert.match(await domains.xml(domain), /<source file='\/other.iso'\/>/);
    await domains.undefine(domain);
  });

  test('have vCPUs and memory that can be changed', async () => {
    const { domains, domainDevices } = bench.qemu;
    const domain = await define('size', (xml) =>
      xml
        .replace('<vcpu>1</vcpu>', '<vcpu current="1">4</vcpu>')
        .replace('<memballoon model="none"/>', '<memballoon model="virtio"/>'),
    );
    assert.equal(await domainDevices.vcpus(domain), 1);
    assert.equal(await domainDevices.vcpus(domain, Vcpus.MAXIMUM | Vcpus.CONFIG), 4);
    await domainDevices.setVcpus(domain, 2, Vcpus.CONFIG);
    assert.equal(await domainDevices.vcpus(domain, Vcpus.CONFIG), 2);
    await domainDevices.setMemoryKiB(domain, 32_768, Memory.CONFIG | Memory.MAXIMUM);
    await domainDevices.setMemoryKiB(domain, 24_576, Memory.CONFIG);
    assert.equal(await domainDevices.maxMemoryKiB(domain), 32_768);
    assert.equal((await domains.info(domain)).memoryKiB, 24_576);

    const running = await domains.start(domain);
    await domainDevices.setMemoryStatsPeriod(running, 5, Affect.LIVE);
    assert.match(await domains.xml(running), /<stats period='5'\/>/);
    await domainDevices.setVcpu(running, '2', true, Affect.LIVE);
    assert.equal(await domainDevices.vcpus(running, Vcpus.LIVE), 3);
    await refused(domainDevices.guestVcpus(running), ErrorCode.ARGUMENT_UNSUPPORTED, /agent/);
    await refused(domainDevices.setGuestVcpus(running, '1', false), ErrorCode.ARGUMENT_UNSUPPORTED, /agent/);
    await domains.destroy(running);
    await domains.undefine(domain);
  });

  test('are refused in libvirt’s words, with its code', async () => {
    const { domains } = bench.qemu;
    const domain = await define('refused');
    const other = await define('other');
    const missing = { name: 'refused', uuid: '00000000-0000-4000-8000-000000000000', id: -1 };
    const refusals: readonly (readonly [() => Promise<unknown>, number, RegExp])[] = [
      [() => domains.suspend(domain), ErrorCode.OPERATION_INVALID, /domain is not running/],
      [() => domains.destroy(domain), ErrorCode.OPERATION_INVALID, /domain is not running/],
      [() => domains.start(missing), ErrorCode.NO_DOMAIN, /no domain with matching uuid/],
      [() => domains.lookupByName('$(nobody)'), ErrorCode.NO_DOMAIN, /\$\(nobody\)/],
      [() => domains.rename(domain, 'other'), ErrorCode.OPERATION_INVALID, /already exists/],
      [() => domains.defineXml('<domain'), 35, /parse|XML|domain/i],
      [() => domains.defineXml('<domain type="qemu"><name>x</name></domain>'), ErrorCode.XML_ERROR, /os/i],
      [() => domains.defineXml(tinyOsXml({ name: 'refused', kernel: '/k' })), 9, /already exists with uuid/],
    ];
    for (const [refusal, code, message] of refusals)
      await assert.rejects(refusal(), (error) => {
        assert.ok(isLibvirtError(error), String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        return true;
      });
    for (const defined of [domain, other]) await domains.undefine(defined);
  });

  test('fail to start with QEMU’s own reason', async () => {
    const domain = await bench.qemu.domains.defineXml(
      tinyOsXml({ name: 'no-kernel', kernel: '/no/such/kernel' }),
    );
    await assert.rejects(bench.qemu.domains.start(domain), (error) => {
      assert.ok(isLibvirtError(error));
      assert.match(error.message, /\/no\/such\/kernel/);
      return true;
    });
    assert.deepEqual(await bench.qemu.domains.state(domain), { state: 'shut-off', reason: 6 });
    await bench.qemu.domains.undefine(domain);
  });

  test('of a read-only connection are read but not changed', async () => {
    const connection = await connect(`${bench.daemon.testUri}&readonly`, AbortSignal.timeout(10_000));
    const [domain] = await connection.domains.list();
    assert.ok(domain);
    assert.equal((await connection.domains.info(domain)).state, 'running');
    const refusal = connection.domains.destroy(domain);
    await refused(refusal, ErrorCode.OPERATION_DENIED, /read only access prevents/);
    connection.close();
  });
});
