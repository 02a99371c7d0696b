import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { seedFiles } from '../../../../src/engines/environment/access/seed.ts';
import { SerialLines } from '../../../../src/engines/environment/access/serial-watch.ts';
import { parseUserNetwork } from '../../../../src/engines/environment/deploy/user-ports.ts';
import { checksumIn, parseChecksum } from '../../../../src/engines/environment/images/checksum-list.ts';
import { mergeDomain } from '../../../../src/model/guest/merge-xml.ts';
import { element, writeXml } from '../../../../src/language/xml/build.ts';

const digest = 'ab'.repeat(32);
const long = 'CD'.repeat(64);

suite('What guests and programs say', () => {
  test('a serial port’s lines, and cloud-init’s stages among them, however they are cut', () => {
    const stages: string[] = [];
    const lines = new SerialLines((stage) => stages.push(stage));
    assert.equal(lines.count, 0);
    const text =
      "[    9.1] Cloud-init v. 22.4.2 running 'init-local' at Mon\r\nCloud-init v. 22.4.2 running 'init' at\r\n\u001b[32mok\u001b[0m\r\nCloud-init v. 22.4.2 finished at\r\n";
    for (const character of text) lines.add(character);
    assert.deepEqual(stages, ['data', 'network', 'done']);
    assert.equal(lines.last, 'Cloud-init v. 22.4.2 finished at');
    assert.equal(lines.count, 4);
    lines.add('\u001b]0;evil\u0007\u0000login');
    assert.equal(lines.last, 'Cloud-init v. 22.4.2 finished at', 'not before the line has ended');
    lines.add('x'.repeat(1_000_000));
    lines.add('\n');
    assert.ok(lines.last.length <= 200);
  });

  test('QEMU’s list of forwarded ports, of one network only', () => {
    const text =
      'Hub -1 (hostnet0):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n' +
      '  TCP[HOST_FORWARD]  14       127.0.0.1 18081       10.0.2.15    80     0     0\r\n' +
      '  UDP[HOST_FORWARD]  13       0.0.0.0 5353       10.0.2.15    53     0     0\r\n' +
      '  TCP[ESTABLISHED]  15       127.0.0.1 18081       10.0.2.15    80     0     0\r\n' +
      'Hub -1 (hostnet1):\r\n  TCP[HOST_FORWARD]  16       127.0.0.1 1       10.0.2.15    2     0     0\r\n';
    assert.deepEqual(parseUserNetwork(text, 'hostnet0'), [
      { protocol: 'tcp', address: '127.0.0.1', host: 18_081, guest: 80 },
      { protocol: 'udp', address: '0.0.0.0', host: 5353, guest: 53 },
    ]);
    assert.deepEqual(parseUserNetwork(text, 'hostnet2'), []);
  });

  test('checksums as publishers write them', () => {
    const sum = { algorithm: 'sha256', digest };
    assert.deepEqual(checksumIn(`${'0'.repeat(64)}  a.img\n${digest} *b.img\n`, 'b.img'), sum);
    assert.deepEqual(checksumIn(`# comment\nSHA256 (b.img) = ${digest}\n`, 'b.img'), sum);
    assert.deepEqual(checksumIn(`${long}  ./b.img\n`, 'b.img'), {
      algorithm: 'sha512',
      digest: long.toLowerCase(),
    });
    assert.deepEqual(checksumIn(`${digest}\n`, 'b.img'), sum);
    assert.equal(checksumIn(`${digest}  other.img\n`, 'b.img'), undefined);
    assert.equal(checksumIn('<html>not found</html>', 'b.img'), undefined);
    assert.deepEqual(parseChecksum(`sha256:${digest}`), sum);
    assert.equal(parseChecksum(`sha512:${digest}`), undefined);
    assert.equal(parseChecksum('https://example.org/SHA256SUMS'), undefined);
  });
});

suite('The seed of cloud-init', () => {
  const cloudInit = {
    user: 'dev',
    hostname: 'box',
    keys: ['ssh-ed25519 AAAA other'],
    packages: [],
    runcmd: ['echo "a: b" >/x', ['touch', 'two words']],
    userDataFile: undefined,
    networkConfigFile: undefined,
  };
  const hostKey = { privateKey: '-----BEGIN-----\nx\n-----END-----\n', publicKey: 'ssh-ed25519 BBBB t-box' };

  test('has nothing that its schema refuses, and all that was asked for', async () => {
    const files = await seedFiles({ cloudInit, instanceId: 'i', authorizedKey: 'k', hostKey, mounts: [] });
    assert.deepEqual([...files.keys()], ['meta-data', 'user-data']);
    const text = files.get('user-data') ?? '';
    assert.match(text, /^#cloud-config\n/u);
    const data = parse(text) as Record<string, unknown>;
    // An empty list is an error to cloud-init, and an unknown group would be made.
    for (const [key, value] of Object.entries(data))
      assert.ok(!Array.isArray(value) || value.length > 0, `${key} is empty`);
    assert.deepEqual(data['runcmd'], cloudInit.runcmd);
    assert.deepEqual(data['ssh_keys'], {
      ed25519_private: hostKey.privateKey,
      ed25519_public: hostKey.publicKey,
    });
    const [user] = data['users'] as Record<string, unknown>[];
    assert.deepEqual([user?.['name'], user?.['groups']], ['dev', ['adm']]);
    assert.deepEqual(user?.['ssh_authorized_keys'], ['k', 'ssh-ed25519 AAAA other']);
    assert.deepEqual(parse(files.get('meta-data') ?? ''), { 'instance-id': 'i', 'local-hostname': 'box' });
  });
});

suite('An XML patch', () => {
  const base = element(
    'domain',
    { type: 'qemu' },
    element('name', {}, 'a'),
    element('cpu', { mode: 'maximum' }),
    element(
      'devices',
      {},
      element('disk', { type: 'file' }),
      element('video', {}, element('model', { type: 'vga' })),
    ),
  );

  test('replaces attributes and texts, merges what there is one of, and adds devices', () => {
    const merged = writeXml(
      mergeDomain(
        base,
        `<domain><name>b &amp; c</name><cpu mode="host-model" check="none"/><devices>
          <disk type="block"/><video><model type="virtio"/></video><sound model="ich9"/></devices>
          <iothreads>2</iothreads></domain>`,
      ),
    );
    assert.equal(
      merged,
      `<domain type='qemu'>
  <name>b &amp; c</name>
  <cpu mode='host-model' check='none'/>
  <devices>
    <disk type='file'/>
    <video>
      <model type='virtio'/>
    </video>
    <disk type='block'/>
    <sound model='ich9'/>
  </devices>
  <iothreads>2</iothreads>
</domain>
`,
    );
  });

  test('that is no XML is refused', () => {
    assert.throws(() => mergeDomain(base, '<domain><a></domain>'), SyntaxError);
    assert.throws(() => mergeDomain(base, ''), SyntaxError);
  });
});
