import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../../scripts/lib/paths.ts';
import { connect, type Connection } from '../../../../src/client/libvirt/connect.ts';
import { parseXml, child, text } from '../../../../src/client/libvirt/xml-object.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';

const patience = () => AbortSignal.timeout(20_000);

async function using<T>(uri: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect(uri, patience());
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

suite('Connecting to a daemon', () => {
  let daemon: PrivateDaemon;

  before(async () => {
    daemon = await startPrivateDaemon();
  });
  after(() => daemon.dispose());

  test("opens libvirt's test hypervisor", () =>
    using(daemon.testUri, async (connection) => {
      assert.equal(await connection.type(), 'TEST');
      const names = (await connection.domains.list()).map(({ name }) => name);
      assert.deepEqual(names, ['test']);
    }));

  test('opens QEMU and tells versions as virsh does', () =>
    using(daemon.uri, async (connection) => {
      assert.equal(await connection.type(), 'QEMU');
      const virsh = await daemon.virsh('version', '--daemon');
      assert.match(virsh, new RegExp(`hypervisor: QEMU ${await connection.version()}$`, 'm'));
      assert.match(virsh, new RegExp(`daemon: ${await connection.libVersion()}$`, 'm'));
      assert.equal(await connection.hostname(), await daemon.virsh('hostname'));
    }));

  test('reads capabilities, a reply of many kilobytes', () =>
    using(daemon.uri, async (connection) => {
      const capabilities = child(parseXml(await connection.capabilities()), 'capabilities');
      assert.match(text(child(capabilities, 'host'), 'uuid') ?? '', /^[0-9a-f-]{36}$/);
    }));

  test('answers two hundred calls at once', () =>
    using(daemon.testUri, async (connection) => {
      const [domain] = await connection.domains.list();
      assert.ok(domain);
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) =>
          index % 2 === 0
            ? (await connection.domains.state(domain)).state
            : (await connection.domains.lookupByName('test')).uuid,
        ),
      );
      assert.deepEqual(new Set(answers), new Set(['running', domain.uuid]));
    }));

  test('read-only refuses to change anything', () =>
    using(`${daemon.testUri}&readonly`, async (connection) => {
      const domain = await connection.domains.lookupByName('test');
      await assert.rejects(connection.domains.suspend(domain), { code: 29, procedure: 'DOMAIN_SUSPEND' });
    }));

  test("is refused in the daemon's words when it does not know the driver or its path", async () => {
    await assert.rejects(connect(daemon.uri.replace(/\/\/\/\w+/, '///nowhere'), patience()), {
      name: 'RemoteError',
      message: /nowhere/,
    });
    await assert.rejects(connect(daemon.testFileUri('/no/such/file.xml'), patience()), {
      name: 'RemoteError',
      message: /no\/such\/file/,
    });
  });

  test('is over when it is closed: what waits is rejected, what comes later too', async () => {
    const connection = await connect(daemon.testUri, patience());
    const waiting = Array.from({ length: 10 }, () => connection.hostname());
    connection.close();
    const results = await Promise.allSettled([...waiting, connection.hostname()]);
    assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['rejected']));
    assert.equal(await connection.closed, undefined);
  });

  test('can be cancelled beforehand', async () => {
    const reason = new Error('never mind');
    await assert.rejects(connect(daemon.testUri, AbortSignal.abort(reason)), reason);
  });

  test('outlives the signal of the attempt', async () => {
    const abort = new AbortController();
    const connection = await connect(daemon.testUri, abort.signal);
    abort.abort();
    assert.equal(await connection.type(), 'TEST');
    connection.close();
  });

  test('works in a script as the page about the client has it', async () => {
    const page = await readFile(join(root, 'docs', 'client.md'), 'utf8');
    const example = /```ts\n(.+?)```/su.exec(page)?.[1];
    assert.ok(example !== undefined && example.includes("'qemu:///system'"));
    const script = join(root, 'docs', `example-${process.pid}.ts`);
    try {
      await writeFile(script, example.replace("'qemu:///system'", JSON.stringify(daemon.testUri)));
      const { stdout } = await execa(process.execPath, [script]);
      assert.match(stdout, /^\S+ TEST \d+\.\d+\.\d+\ntest running$/u);
    } finally {
      await rm(script, { force: true });
    }
  });
});
