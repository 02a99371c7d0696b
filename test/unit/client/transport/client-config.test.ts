import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { readUri, resolveUri } from '../../../../src/client/transport/client-config.ts';

const { geteuid } = process;

function become(uid: number): void {
  process.geteuid = () => uid;
}

suite('libvirt.conf', () => {
  let folder: string;
  let path: string;
  let env: Record<string, string>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-'));
    await mkdir(join(folder, 'libvirt'));
    path = join(folder, 'libvirt', 'libvirt.conf');
    env = { XDG_CONFIG_HOME: folder };
  });
  after(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => {
    if (geteuid !== undefined) process.geteuid = geteuid;
  });

  async function resolve(text: string, config: string, more: Record<string, string> = {}): Promise<string> {
    become(1000);
    await writeFile(path, config);
    return resolveUri(text, { ...env, ...more });
  }

  test('is not needed for a URI, and not even read', async () => {
    assert.equal(await resolve(' qemu+ssh://root@far/system ', '!?'), 'qemu+ssh://root@far/system');
  });

  const ALIASES = `
    # hosts that I use often
    uri_aliases = [
      "hail=qemu+ssh://root@hail.example/system?keyfile=/a=b", # the old one
      'sleet=qemu+tls://sleet.example/system',
      "hail=test:///default",
    ]
    uri_default = "sleet"; other_1 = -12
  `;

  test('has aliases, of which the first counts', async () => {
    assert.equal(await resolve('hail', ALIASES), 'qemu+ssh://root@hail.example/system?keyfile=/a=b');
    assert.equal(await resolve('sleet', ALIASES), 'qemu+tls://sleet.example/system');
    assert.equal(await resolve('one', 'uri_aliases = "one=test:///default"'), 'test:///default');
  });

  test('does not know everything: bad URI, and where it was looked for', () =>
    assert.rejects(resolve('snow', ALIASES), {
      name: 'TransportError',
      code: 'bad-uri',
      message: /“snow”/,
      hint: new RegExp(path),
    }));

  test('has a default, which the environment goes before; both may be aliases', async () => {
    assert.equal(await resolve('', ALIASES), 'qemu+tls://sleet.example/system');
    assert.equal(await resolve('  ', 'uri_default = "test:///default"'), 'test:///default');
    const hail = { LIBVIRT_DEFAULT_URI: 'hail' };
    assert.equal(await resolve('', ALIASES, hail), 'qemu+ssh://root@hail.example/system?keyfile=/a=b');
    const session = { LIBVIRT_DEFAULT_URI: 'qemu:///session' };
    assert.equal(await resolve('', ALIASES, session), 'qemu:///session');
    assert.equal(await resolve('', ALIASES, { LIBVIRT_DEFAULT_URI: '' }), 'qemu+tls://sleet.example/system');
  });

  test('may be missing: the default is the own daemon, for root the system’s', async () => {
    const elsewhere = { XDG_CONFIG_HOME: join(folder, 'nothing') };
    become(1000);
    assert.equal(await resolveUri('', elsewhere), 'qemu:///session');
    assert.equal(await resolveUri('', { HOME: join(folder, 'nobody') }), 'qemu:///session');
    await assert.rejects(resolveUri('snow', { HOME: '/home/me' }), {
      hint: /\/home\/me\/\.config\/libvirt\/libvirt\.conf/,
    });
    become(0);
    await assert.rejects(resolveUri('no-such-alias', env), { hint: /\/etc\/libvirt\/libvirt\.conf/ });
  });

  test('decides which daemon and which way through ssh, where the URI does not', async () => {
    become(1000);
    await writeFile(
      path,
      'remote_mode = "direct"\nremote_proxy = "netcat"\nuri_aliases = ["far=qemu+ssh://far/system"]',
    );
    const extras = async (text: string) => Object.fromEntries((await readUri(text, env)).extras);
    const both = { mode: 'direct', proxy: 'netcat' };
    assert.deepEqual(await extras('qemu:///system'), both);
    assert.deepEqual(await extras('far'), both);
    assert.deepEqual(await extras('qemu+ssh://far/system?proxy=native&mode=legacy'), {
      mode: 'legacy',
      proxy: 'native',
    });
    assert.deepEqual(await extras('qemu+unix:///system?socket=/a'), { socket: '/a' });
    assert.deepEqual(await extras('qemu+tls://far/system'), {});
    await writeFile(path, '\nremote_mode = 3');
    await assert.rejects(extras('qemu:///system'), { code: 'configuration', message: /:2: remote_mode/ });
  });

  test('is explained when it is a folder', async () => {
    become(1000);
    const odd = join(folder, 'odd');
    await mkdir(join(odd, 'libvirt', 'libvirt.conf'), { recursive: true });
    await assert.rejects(resolveUri('hail', { XDG_CONFIG_HOME: odd }), { code: 'configuration' });
  });

  const mistakes: Record<string, readonly [string, number, RegExp]> = {
    'an alias without a URI': ['\nuri_aliases = [\n"a=test:///default",\n"hail"\n]', 4, /NAME=URI/],
    'an alias with a strange name': ['uri_aliases = ["a b=test:///default"]', 1, /letters/],
    'an alias that is a number': ['uri_aliases = [ 1 ]', 1, /quoted strings/],
    'a default that is a list': ['a = 1\nuri_default = ["x"]', 2, /must be a quoted string/],
    'no value': ['a = 1\n\nb =\n', 3, /expected here/],
    'no assignment': ['a = 1\nb 2\n', 2, /“=” is missing after b/],
    'no name': ['# fine\n= 2\n', 2, /a name is expected/],
    'an open quote': ['\n\nb = "never\nends', 3, /quote is not closed/],
    'three open quotes': ['b = """never\nends', 1, /extra text after the value|quote is not closed/],
    'an open list': ['b = [ "x"\n\n', 3, /comma or “]”/],
    'a list without commas': ['b = [\n "x"\n "y" ]', 3, /comma or “]”/],
    'more on the line': ['b = "x" "y"', 1, /extra text after the value of b/],
    'lists in lists in lists': [`b = ${'['.repeat(10_000)}`, 1, /too deeply/],
  };
  for (const [name, [text, line, message]] of Object.entries(mistakes)) {
    test(`with ${name}: the file and the line`, () =>
      assert.rejects(resolve(text.includes('uri_default') ? '' : 'hail', text), (error) => {
        assert.ok(error instanceof Error);
        assert.ok(error.message.startsWith(`${path}:${line}: `), error.message);
        assert.match(error.message, message);
        return true;
      }));
  }
});
