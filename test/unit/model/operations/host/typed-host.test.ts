import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { uriOfTyped } from '../../../../../src/model/operations/host/typed-host.ts';

const MEANT: readonly (readonly [string, string])[] = [
  ['myserver', 'qemu+ssh://myserver/system'],
  [' root@myserver ', 'qemu+ssh://root@myserver/system'],
  ['root@myserver:2222', 'qemu+ssh://root@myserver:2222/system'],
  ['root@10.0.0.7', 'qemu+ssh://root@10.0.0.7/system'],
  ['root@fe80::1%br-lan', 'qemu+ssh://root@[fe80::1%br-lan]/system'],
  ['[2001:db8::1]:22', 'qemu+ssh://[2001:db8::1]:22/system'],
  ['2001:db8::1', 'qemu+ssh://[2001:db8::1]/system'],
  ['ssh://root@myserver', 'qemu+ssh://root@myserver/system'],
  ['SSH://root@myserver:22/', 'qemu+ssh://root@myserver:22/system'],
  ['ssh root@myserver', 'qemu+ssh://root@myserver/system'],
  ['ssh -p 2222 root@myserver', 'qemu+ssh://root@myserver:2222/system'],
  ['ssh myserver -p2222 -l root', 'qemu+ssh://root@myserver:2222/system'],
  ['qemu+ssh://myserver', 'qemu+ssh://myserver/system'],
  ['qemu+ssh://myserver/', 'qemu+ssh://myserver/system'],
  ['qemu+tls://myserver?no_verify=1', 'qemu+tls://myserver/system?no_verify=1'],
  ['qemu+ssh://myserver/session', 'qemu+ssh://myserver/session'],
  ['qemu:///system', 'qemu:///system'],
  ['test:///default', 'test:///default'],
  [String.raw`DOMAIN\me@myserver`, 'qemu+ssh://DOMAIN%5Cme@myserver/system'],
];

const NOTHING = [
  'qemu+ssh//host',
  'http://host/',
  'ssh -J jump host',
  'ssh host reboot',
  'two words',
  '-oProxyCommand=x',
  'root@-oProxyCommand=x',
  'a@b@c;d',
  '$(x)@host',
];

suite('A host as people type it', () => {
  for (const [typed, uri] of MEANT)
    test(`“${typed}” means ${uri}`, async () => {
      assert.equal(await uriOfTyped(typed), uri);
    });

  for (const typed of NOTHING)
    test(`“${typed}” means nothing`, async () => {
      await assert.rejects(uriOfTyped(typed), { name: 'TransportError' });
    });
});
