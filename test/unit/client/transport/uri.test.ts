import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TransportError } from '../../../../src/client/transport/error.ts';
import {
  isSessionUri,
  type LibvirtUri,
  nameForDaemon,
  parseUri,
} from '../../../../src/client/transport/uri.ts';

type Parts = Partial<Omit<LibvirtUri, 'extras' | 'text'>> & {
  readonly extras?: Readonly<Record<string, string>>;
};

const GOOD: readonly (readonly [uri: string, parts: Parts, name: string])[] = [
  ['qemu:///system', { path: '/system' }, 'qemu:///system'],
  ['qemu:///session', { path: '/session' }, 'qemu:///session'],
  ['  qemu:///system\n', { path: '/system' }, 'qemu:///system'],
  ['qemu:/system', { path: '/system' }, 'qemu:///system'],
  ['qemu://', {}, 'qemu:///'],
  ['qemu:', {}, 'qemu:///'],
  ['lxc:///system', { driver: 'lxc', path: '/system' }, 'lxc:///system'],
  ['qemu+ssh://host/system', { transport: 'ssh', host: 'host', path: '/system' }, 'qemu:///system'],
  ['QEMU+SSH://Host/system', { transport: 'ssh', host: 'Host', path: '/system' }, 'qemu:///system'],
  [
    'qemu+ssh://me@host.example:2222/system',
    { transport: 'ssh', user: 'me', host: 'host.example', port: 2222, path: '/system' },
    'qemu:///system',
  ],
  [
    String.raw`qemu+ssh://DOMAIN\me@host/system`,
    { transport: 'ssh', user: String.raw`DOMAIN\me`, host: 'host', path: '/system' },
    'qemu:///system',
  ],
  [
    'qemu+ssh://m%40e@host/system',
    { transport: 'ssh', user: 'm@e', host: 'host', path: '/system' },
    'qemu:///system',
  ],
  [
    'qemu+ssh://[::1]:22/system',
    { transport: 'ssh', host: '::1', port: 22, path: '/system' },
    'qemu:///system',
  ],
  [
    'qemu+ssh://me@[fe80::1%25eth0]/system',
    { transport: 'ssh', user: 'me', host: 'fe80::1%eth0', path: '/system' },
    'qemu:///system',
  ],
  ...(['br-lan', 'wlan_0', 'enp0s31f6.100', 'ad0', 'eth0'] as const).flatMap((zone) =>
    ['%', '%25'].map(
      (percent) =>
        [
          `qemu+ssh://[fe80::1${percent}${zone}]:22/system`,
          { transport: 'ssh', host: `fe80::1%${zone}`, port: 22, path: '/system' },
          'qemu:///system',
        ] as const,
    ),
  ),
  ['qemu://host/system', { host: 'host', path: '/system' }, 'qemu:///system'],
  ['qemu+tcp://host:65535/', { transport: 'tcp', host: 'host', port: 65535, path: '/' }, 'qemu:///'],
  ['test:///default', { driver: 'test', path: '/default' }, 'test:///default'],
  ['test:///a%20b/%C3%A9.xml', { driver: 'test', path: '/a b/é.xml' }, 'test:///a%20b/%C3%A9.xml'],
  [
    'qemu+unix:///system?socket=%2Ftmp%2Fa%26b&mode=legacy',
    { transport: 'unix', path: '/system', extras: { socket: '/tmp/a&b', mode: 'legacy' } },
    'qemu:///system',
  ],
  [
    'qemu:///system?readonly;socket=/s=1',
    { path: '/system', extras: { readonly: '', socket: '/s=1' } },
    'qemu:///system',
  ],
  [
    'qemu+ssh://h/?name=lxc:///system',
    { transport: 'ssh', host: 'h', path: '/', extras: { name: 'lxc:///system' } },
    'lxc:///system',
  ],
];

const BAD: readonly (readonly [uri: string, code: string, message: RegExp])[] = [
  ['', 'bad-uri', /empty/],
  ['   ', 'bad-uri', /empty/],
  ['qemu', 'bad-uri', /not a libvirt URI/],
  ['/var/run/libvirt/libvirt-sock', 'bad-uri', /not a libvirt URI/],
  ['qemu:system', 'bad-uri', /not a libvirt URI/],
  ['+ssh://host/system', 'bad-uri', /not a libvirt URI/],
  ['qemu+://host/system', 'bad-uri', /not a libvirt URI/],
  ['qemu:///system#part', 'bad-uri', /not a libvirt URI/],
  ['qemu:/// system', 'bad-uri', /space or a control/],
  ['qemu:///sys\ntem', 'bad-uri', /space or a control/],
  ['qemu:///sys\0tem', 'bad-uri', /space or a control/],
  ['qemu:///sys\u007ftem', 'bad-uri', /space or a control/],
  ['qemu:///sys%00tem', 'bad-uri', /control character/],
  ['qemu+ssh://ho%0ast/system', 'bad-uri', /control character/],
  ['qemu+ssh://u%1b@host/system', 'bad-uri', /control character/],
  ['qemu+unix:///system?socket=/a%00b', 'bad-uri', /control character/],
  ['qemu:///%zz', 'bad-uri', /broken percent escape/],
  ['qemu:///%ff', 'bad-uri', /broken percent escape/],
  ['qemu:///system?socket=%', 'bad-uri', /broken percent escape/],
  ['qemu+ssh:/system', 'bad-uri', /no host/],
  ['qemu+ssh://a@b@c/system', 'bad-uri', /not a host/],
  ['qemu+ssh://::1/system', 'bad-uri', /not a host/],
  ['qemu+ssh://[::1/system', 'bad-uri', /not a host/],
  ['qemu+ssh://host:/system', 'bad-uri', /not a host/],
  ['qemu+ssh://host:ssh/system', 'bad-uri', /not a host/],
  ['qemu+ssh://host:0/system', 'bad-uri', /0 is not a port/],
  ['qemu+ssh://host:65536/system', 'bad-uri', /65536 is not a port/],
  ['qemu+ssh://-oProxyCommand=id/system', 'bad-uri', /not a host name/],
  ['qemu+ssh://%2doProxyCommand=id/system', 'bad-uri', /not a host name/],
  ['qemu+ssh://-oProxyCommand=id@host/system', 'bad-uri', /not a user name/],
  ['qemu+ssh://$(id)/system', 'bad-uri', /not a host name/],
  ['qemu+ssh://a%20b/system', 'bad-uri', /not a host name/],
  ['qemu+ssh://a%60id%60/system', 'bad-uri', /not a host name/],
  ["qemu+ssh://'@host/system", 'bad-uri', /not a user name/],
  ['kvm:///system', 'unsupported', /no driver “kvm”/],
  ['https://example.org/', 'unsupported', /no driver “https”/],
  ['esx://host/', 'unsupported', /esx driver has no daemon/],
  ['vmwareplayer:///session', 'unsupported', /no daemon/],
];

suite('Connection URIs', () => {
  for (const [text, { extras = {}, ...parts }, name] of GOOD)
    test(`${JSON.stringify(text)} is understood`, () => {
      const uri = parseUri(text);
      assert.deepEqual(
        { ...uri, extras: Object.fromEntries(uri.extras) },
        {
          driver: 'qemu',
          transport: undefined,
          user: undefined,
          host: undefined,
          port: undefined,
          path: '',
          text: text.trim(),
          extras,
          ...parts,
        },
      );
      assert.equal(nameForDaemon(uri), name);
    });

  for (const [text, code, message] of BAD)
    test(`${JSON.stringify(text)} is refused with a way out`, () => {
      assert.throws(
        () => parseUri(text),
        (error) => {
          assert.ok(error instanceof TransportError);
          assert.equal(error.code, code);
          assert.match(error.message, message);
          assert.ok((error.hint ?? '').length > 20, 'a hint says what would be right');
          return true;
        },
      );
    });

  test('only the path /session is a session', () => {
    assert.equal(isSessionUri(parseUri('qemu:///session')), true);
    for (const text of ['qemu:///system', 'qemu:///', 'test:///default'])
      assert.equal(isSessionUri(parseUri(text)), false, text);
  });
});
