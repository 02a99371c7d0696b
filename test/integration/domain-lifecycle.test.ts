import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { readDomain } from '../../src/inventory/domain-reader.ts';
import { connect, type Connection } from '../../src/libvirt/connect.ts';
import { type DomainRef, ListDomains, StartDomain, UndefineDomain } from '../../src/libvirt/domain.ts';
import { ErrorCode, isLibvirtError } from '../../src/libvirt/error.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../support/private-daemon.ts';
import { tinyOsXml } from '../support/tiny-os.ts';

suite('The life of a real guest', () => {
  let daemon: PrivateDaemon;
  let connection: Connection;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
  });
  after(async () => {
    connection?.close();
    await daemon.dispose();
  });

  async function define(name: string): Promise<DomainRef> {
    const xml = tinyOsXml({ name, kernel: await daemon.tinyOsElf() });
    return connection.domains.defineXml(xml);
  }

  async function stateOf(domain: DomainRef): Promise<string> {
    return (await connection.domains.state(domain)).state;
  }

  async function virshState(domain: DomainRef): Promise<string> {
    return daemon.virsh('domstate', domain.uuid);
  }

  test('starts paused, runs, stops for a while and is forced off', async () => {
    const { domains } = connection;
    const defined = await define('life');
    assert.equal(defined.id, -1);
    assert.equal(await virshState(defined), 'shut off');

    const started = await domains.start(defined, StartDomain.PAUSED);
    assert.ok(started.id > 0);
    assert.equal(await stateOf(started), 'paused');
    await domains.resume(started);
    assert.equal(await virshState(started), 'running');
    await domains.suspend(started);
    assert.deepEqual(await domains.state(started), { state: 'paused', reason: 1 });
    assert.equal(await virshState(started), 'paused');
    await domains.resume(started);
    await domains.reset(started);

    const info = await domains.info(started);
    assert.deepEqual([info.vcpus, info.memoryKiB, info.maxMemoryKiB], [1, 16_384, 16_384]);
    assert.ok(info.cpuTime > 0n);

    await domains.destroy(started);
    assert.deepEqual(await domains.state(started), { state: 'shut-off', reason: 2 });
    assert.equal(await virshState(started), 'shut off');
  });

  test('keeps its memory on disk, goes on with it, or forgets it', async () => {
    const { domains } = connection;
    const domain = await domains.start(await define('saved'));
    await domains.managedSave(domain);
    assert.equal(await stateOf(domain), 'shut-off');
    assert.equal(await domains.hasManagedSave(domain), true);
    const saved = await domains.list(ListDomains.MANAGED_SAVE);
    assert.deepEqual(
      saved.map(({ name }) => name),
      ['saved'],
    );

    await domains.start(domain);
    assert.deepEqual(await domains.state(domain), { state: 'running', reason: 3 }, 'restored');
    await domains.managedSave(domain);
    await assert.rejects(domains.undefine(domain), { code: ErrorCode.OPERATION_INVALID });
    await domains.removeManagedSave(domain);
    assert.equal(await domains.hasManagedSave(domain), false);

    await domains.start(domain);
    await domains.managedSave(domain);
    await domains.undefine(domain, UndefineDomain.MANAGED_SAVE);
    assert.equal(await readDomain(domains, domain.uuid), undefined);
  });

  test('is defined, renamed, made to start by itself and undefined', async () => {
    const { domains } = connection;
    const domain = await define('before');
    await domains.setAutostart(domain, true);
    assert.equal(await domains.autostart(domain), true);
    assert.match(await daemon.virsh('dominfo', 'before'), /Autostart: +enable/);
    await domains.setAutostart(domain, false);
    assert.equal(await domains.autostart(domain), false);

    await domains.rename(domain, 'after');
    assert.equal((await domains.lookupByUuid(domain.uuid)).name, 'after');
    assert.match(await domains.xml(domain), /<name>after<\/name>/);
    assert.equal(await daemon.virsh('domname', domain.uuid), 'after');

    await domains.undefine(domain);
    assert.equal(await readDomain(domains, domain.uuid), undefined);
    await assert.rejects(domains.lookupByName('after'), { code: ErrorCode.NO_DOMAIN });
  });

  test('may be transient: gone when it stops', async () => {
    const { domains } = connection;
    const domain = await domains.createXml(
      tinyOsXml({ name: 'transient', kernel: await daemon.tinyOsElf() }),
    );
    assert.equal(await domains.isPersistent(domain), false);
    assert.equal((await readDomain(domains, domain.uuid))?.state, 'running');
    await domains.destroy(domain);
    assert.equal(await readDomain(domains, domain.uuid), undefined);
  });

  test('is refused in libvirt’s words, with its code', async () => {
    const { domains } = connection;
    const domain = await define('refused');
    const missing = { name: 'refused', uuid: '00000000-0000-4000-8000-000000000000', id: -1 };
    const refusals: readonly (readonly [() => Promise<unknown>, number, RegExp])[] = [
      [() => domains.suspend(domain), ErrorCode.OPERATION_INVALID, /domain is not running/],
      [() => domains.destroy(domain), ErrorCode.OPERATION_INVALID, /domain is not running/],
      [() => domains.start(missing), ErrorCode.NO_DOMAIN, /no domain with matching uuid/],
      [() => domains.lookupByName('$(nobody)'), ErrorCode.NO_DOMAIN, /\$\(nobody\)/],
      [() => domains.rename(domain, 'life'), ErrorCode.OPERATION_INVALID, /already exists/],
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
  });

  test('fails to start with QEMU’s own reason', async () => {
    const domain = await connection.domains.defineXml(
      tinyOsXml({ name: 'no-kernel', kernel: '/no/such/kernel' }),
    );
    await assert.rejects(connection.domains.start(domain), (error) => {
      assert.ok(isLibvirtError(error));
      assert.match(error.message, /\/no\/such\/kernel/);
      return true;
    });
    assert.deepEqual(await connection.domains.state(domain), { state: 'shut-off', reason: 6 });
  });
});
