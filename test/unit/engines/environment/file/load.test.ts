import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileKind, loadEnvironment } from '../../../../../src/engines/environment/file/load.ts';

const FOLDER = '/work';

const FILES = new Set(['/work/vmlinuz', '/work/initrd', '/work/setup.sh', '/work/base.qcow2']);

function load(text: string) {
  return loadEnvironment(text, '/work/kvm.yaml', {
    exists: async (path) =>
      FILES.has(path) ? 'file' : path === FOLDER || path === '/work/src' ? 'folder' : undefined,
    images: ['mine'],
  });
}

/** What is found, each with the text that it is about. */
async function found(text: string): Promise<string[]> {
  const { problems } = await load(text);
  return problems.map(({ start, end, message }) => `${text.slice(start, end).split('\n')[0]}: ${message}`);
}

const guest = (lines: string) =>
  `guests:\n  web:\n    kernel: vmlinuz\n${lines.replaceAll(/^/gmu, '    ')}\n`;

suite('A kvm.yaml', () => {
  test('needs little', async () => {
    const { environment, problems } = await load('guests:\n  web:\n    image: debian-13\n');
    assert.deepEqual(problems, []);
    const [web] = environment?.guests ?? [];
    assert.equal(environment?.name, 'work');
    assert.equal(web?.domain, 'work-web');
    assert.equal(web?.memoryKiB, 2 * 1024 * 1024);
    assert.deepEqual(web?.source, { kind: 'image', image: { kind: 'catalogue', name: 'debian-13' } });
    assert.equal(web?.cloudInit?.user, 'dev');
    assert.deepEqual(web?.ssh, { user: 'dev', port: 22 });
  });

  test('as the example has it means what it says', async () => {
    const file = join(import.meta.dirname, '../../../../../examples/kvm.yaml');
    const { environment, problems } = await loadEnvironment(await readFile(file, 'utf8'), file, {
      exists: fileKind,
      images: [],
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      environment?.guests.map(({ domain, dependsOn, ports }) => [domain, dependsOn, ports.length]),
      [
        ['shop-db', [], 0],
        ['shop-web', ['db'], 1],
      ],
    );
    // What is commented out is right, too.
    const more = (await readFile(file, 'utf8')).replace(/^ {2}# (?=lab:| {2}\S)/gmu, '  ');
    const lab = await loadEnvironment(more, '/work/kvm.yaml', { exists: async () => 'file', images: [] });
    assert.deepEqual(
      lab.environment?.guests.map(({ name }) => name),
      ['db', 'web', 'lab'],
    );
  });

  test('is read in full', async () => {
    const { environment, problems } = await load(`name: shop
host: lab
networks:
  lan: { mode: isolated, subnet: 10.9.0.0/24 }
  out:
guests:
  db:
    kernel: vmlinuz
    initrd: initrd
    cmdline: quiet
    cpus: 2
    memory: 1.5 GiB
    disk: [10 GiB, { size: 512M, bus: sata, format: raw }, { path: base.qcow2 }]
    networks: [lan, default, user, 'bridge:br0', { network: out, mac: 52:54:00:AA:00:01 }]
    ports: [8080, '0.0.0.0:81:80', '5353:53/udp']
    mounts: ['.:/work:ro', { source: src, target: /src, driver: 9p }]
    provision: [setup.sh, { run: id, root: true }, "echo 1\\necho 2\\n"]
    env: { A: 1, B: true, C: x }
  web:
    image: { url: 'https://example.org/a.img', checksum: 'sha256:${'A'.repeat(64)}' }
    cloud-init: { user: me, packages: [nginx], runcmd: [id, [echo, a b]] }
    depends-on: [db]
    accel: tcg
`);
    assert.deepEqual(problems, []);
    const [db, web] = environment?.guests ?? [];
    assert.deepEqual(db?.disks, [
      { kind: 'new', bytes: 10 * 2 ** 30, bus: 'virtio', format: 'qcow2' },
      { kind: 'new', bytes: 512 * 2 ** 20, bus: 'sata', format: 'raw' },
      { kind: 'file', path: '/work/base.qcow2', bus: 'virtio', format: 'qcow2' },
    ]);
    assert.deepEqual(
      db?.networks?.map(({ to, mac }) => [to, mac]),
      [
        [{ kind: 'own', network: 'lan' }, undefined],
        [{ kind: 'host', network: 'default' }, undefined],
        [{ kind: 'user' }, undefined],
        [{ kind: 'bridge', bridge: 'br0' }, undefined],
        [{ kind: 'own', network: 'out' }, '52:54:00:aa:00:01'],
      ],
    );
    assert.deepEqual(
      db?.ports.map(({ address, host, guest, protocol }) => `${address} ${host} ${guest} ${protocol}`),
      ['127.0.0.1 8080 8080 tcp', '0.0.0.0 81 80 tcp', '127.0.0.1 5353 53 udp'],
    );
    assert.deepEqual(db?.mounts, [
      { source: '/work', target: '/work', readonly: true, driver: undefined },
      { source: '/work/src', target: '/src', readonly: false, driver: '9p' },
    ]);
    assert.deepEqual(db?.provision, [
      { kind: 'file', path: '/work/setup.sh', root: false },
      { kind: 'text', text: 'id', root: true },
      { kind: 'text', text: 'echo 1\necho 2\n', root: false },
    ]);
    assert.deepEqual(db?.env, { A: '1', B: 'true', C: 'x' });
    assert.equal(db?.memoryKiB, 1.5 * 1024 * 1024);
    assert.deepEqual(web?.source, {
      kind: 'image',
      image: {
        kind: 'url',
        url: 'https://example.org/a.img',
        checksum: { algorithm: 'sha256', digest: 'a'.repeat(64) },
        format: 'qcow2',
      },
    });
    assert.deepEqual([web?.cloudInit?.user, web?.host, web?.accel], ['me', 'lab', 'tcg']);
  });

  test('an unknown key is told where it stands, with the nearest one', async () => {
    assert.deepEqual(await found(guest('memroy: 1 GiB')), [
      'memroy: There is no key “memroy” here. Did you mean “memory”?',
    ]);
    assert.deepEqual(await found(guest('zzzzzzzz: 1')), ['zzzzzzzz: There is no key “zzzzzzzz” here.']);
    assert.deepEqual(await found('guest: {}\n'), [
      'guest: There is no key “guest” here. Did you mean “guests”?',
    ]);
  });

  test('a size without its unit, and other values that are not', async () => {
    const unit = 'A size is a number and a unit: “512 MiB”, “2 GiB”, “1.5 TiB”.';
    assert.deepEqual(await found(guest('memory: 512')), [`512: ${unit}`]);
    assert.deepEqual(await found(guest('memory: 2 GiBs')), [`2 GiBs: ${unit}`]);
    assert.deepEqual(await found(guest('cpus: two')), ['two: Expected here: a whole number.']);
    assert.deepEqual(await found(guest('cpus: 0')), ['0: This must be at least 1.']);
    assert.deepEqual(await found(guest('cpus:')), [
      'cpus: A value is missing. Expected here: a whole number.',
    ]);
    assert.deepEqual(await found(guest('firmware: efi')), [
      'efi: “efi” is not one of bios, uefi or uefi-secure.',
    ]);
    assert.deepEqual(await found(guest("ports: ['80']")), [
      "'80': A port is “HOST:GUEST”, such as “8080:80”, or “5353:53/udp”, or “0.0.0.0:8080:80” to let others in.",
    ]);
    assert.deepEqual(await found(guest('ports: [70000]')), ['70000: This must be at most 65535.']);
    assert.deepEqual(await found(guest('memory: 1 KiB')), ['1 KiB: A guest needs at least 1 MiB of memory.']);
  });

  test('sources: none, two, and what does not go with them', async () => {
    assert.deepEqual(await found('guests:\n  web:\n    cpus: 1\n'), [
      'web: “web” has nothing to boot from. Add “image”, “kernel”, “iso” or “multiboot”.',
    ]);
    assert.deepEqual(await found(guest('iso: base.qcow2')), [
      'iso: “web” already boots from “kernel”. Remove one of the two.',
    ]);
    assert.deepEqual(await found('guests:\n  web:\n    image: mine\n    initrd: initrd\n'), [
      'initrd: “initrd” needs a “kernel”.',
    ]);
    assert.deepEqual(await found('guests:\n  web:\n    image: debain-13\n'), [
      'debain-13: The catalogue has no image “debain-13”. Did you mean “debian-13”?',
    ]);
    assert.deepEqual(await found('guests:\n  web:\n    image: https://example.org/x.img\n'), [
      'https://example.org/x.img: A downloaded image needs a checksum. Write “url” and “checksum” below “image”.',
    ]);
  });

  test('files that are missing, wherever they are named', async () => {
    assert.deepEqual(
      await found(guest('initrd: gone\nmounts: ["nowhere:/x", "vmlinuz:/y"]\nprovision: [gone.sh]')),
      [
        'gone: There is no file “/work/gone”.',
        '"nowhere:/x": There is no folder “/work/nowhere”.',
        '"vmlinuz:/y": “/work/vmlinuz” is a file, not a folder.',
        'gone.sh: There is no file “/work/gone.sh”.',
      ],
    );
  });

  test('guests that wait for each other, for themselves, or for nobody', async () => {
    const of = (name: string, on: string) => `  ${name}:\n    kernel: vmlinuz\n    depends-on: [${on}]\n`;
    assert.deepEqual(await found(`guests:\n${of('a', 'b')}${of('b', 'c')}${of('c', 'a')}`), [
      'a: These guests depend on each other: a → b → c → a.',
    ]);
    assert.deepEqual(await found(`guests:\n${of('a', 'a')}`), ['a: “a” depends on itself.']);
    assert.deepEqual(await found(`guests:\n${of('web', 'wbe')}`), [
      'wbe: This file has no guest “wbe”. Did you mean “web”?',
    ]);
  });

  test('two guests at one port', async () => {
    const of = (name: string) => `  ${name}:\n    kernel: vmlinuz\n    ports: ['8080:80']\n`;
    assert.deepEqual(await found(`guests:\n${of('a')}${of('b')}`), [
      "'8080:80': Port 8080/tcp of this machine already leads to “a”.",
    ]);
  });

  test('XML that is none', async () => {
    assert.match((await found(guest("xml: '<domain><a></domain>'")))[0] ?? '', /This is not valid XML/);
    assert.match((await found(guest("xml: '<network/>'")))[0] ?? '', /must begin with <domain>/);
  });

  test('text that is no YAML, empty, huge, or stands for too much', async () => {
    assert.equal((await found('guests: [')).length > 0, true);
    assert.deepEqual(await found(''), [': A kvm.yaml needs “guests:” with at least one guest.']);
    assert.match((await found(`# ${'x'.repeat(1024 * 1024)}`))[0] ?? '', /not read/);
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`).join(',')}]`)
      .join('\n')}\nguests: *i\n`;
    assert.equal((await load(bomb)).environment, undefined);
    assert.equal((await load('guests: &g\n  web: *g\n')).environment, undefined);
  });

  test('text that YAML forbids, with the number of its line', async () => {
    assert.deepEqual(await found('guests:\n  web: kernel: vmlinuz\n'), [
      'k: Line 2: Nested mappings are not allowed in compact mappings',
    ]);
  });

  test('an anchor serves several guests', async () => {
    const { environment, problems } = await load(
      'guests:\n  a: &a\n    kernel: vmlinuz\n    memory: 64 MiB\n  b: *a\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      environment?.guests.map(({ domain, memoryKiB }) => [domain, memoryKiB]),
      [
        ['work-a', 65_536],
        ['work-b', 65_536],
      ],
    );
  });

  test('no text whatever makes it throw', async () => {
    const whole = guest('cpus: 2\nmemory: 1 GiB\nports: ["8080:80"]\ncloud-init: { user: a }\nenv: {A: b}');
    for (let end = 0; end <= whole.length; end += 1) {
      const text = whole.slice(0, end);
      for (const { start, end: stop } of (await load(text)).problems)
        assert.ok(start >= 0 && stop >= start && stop <= text.length + 1, `${end}: ${start}-${stop}`);
    }
  });
});
