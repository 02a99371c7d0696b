import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { guestInfo } from '../../../../../src/client/libvirt/domain/guest-info.ts';
import { parameters } from '../sent-parameters.ts';

suite("What a guest's agent says", () => {
  test('becomes one object, whatever is missing', () => {
    const info = guestInfo(
      parameters({
        'user.count': 1,
        'user.0.name': 'ada',
        'user.0.login-time': 1_700_000_000_123n,
        'os.id': 'debian',
        'os.pretty-name': 'Debian “12”',
        'timezone.name': 'CET',
        'timezone.offset': 3600,
        hostname: 'tiny',
        'fs.count': 1,
        'fs.0.name': 'vda1',
        'fs.0.mountpoint': '/',
        'fs.0.fstype': 'ext4',
        'fs.0.total-bytes': 9_007_199_254_740_993n,
        'fs.0.used-bytes': 1n,
        'fs.0.disk.count': 1,
        'fs.0.disk.0.alias': 'vda',
        'fs.0.disk.0.serial': 's',
        'fs.0.disk.0.device': '/dev/vda1',
        'disk.0.name': '/dev/vda1',
        'disk.0.partition': true,
        'disk.0.dependency.count': 1,
        'disk.0.dependency.0.name': '/dev/vda',
        'disk.0.guest_alias': 'g',
        'if.0.name': 'eth0',
        'if.0.hwaddr': '52:54:00:00:00:01',
        'if.0.addr.0.type': 'ipv6',
        'if.0.addr.0.addr': 'fe80::1',
        'if.0.addr.0.prefix': 64,
      }),
    );
    assert.deepEqual(info.users, [{ name: 'ada', domain: undefined, loginTimeMs: 1_700_000_000_123 }]);
    assert.deepEqual(
      [info.os?.id, info.os?.prettyName, info.os?.version],
      ['debian', 'Debian “12”', undefined],
    );
    assert.deepEqual(info.timezone, { name: 'CET', offset: 3600 });
    assert.equal(info.hostname, 'tiny');
    assert.deepEqual(info.fileSystems, [
      {
        mountPoint: '/',
        name: 'vda1',
        type: 'ext4',
        total: 9_007_199_254_740_993n,
        used: 1n,
        disks: [{ alias: 'vda', serial: 's', device: '/dev/vda1' }],
      },
    ]);
    assert.deepEqual(info.disks[0]?.dependencies, ['/dev/vda']);
    assert.deepEqual([info.disks[0]?.partition, info.disks[0]?.guestAlias], [true, 'g']);
    assert.deepEqual(info.interfaces, [
      {
        name: 'eth0',
        mac: '52:54:00:00:00:01',
        addresses: [{ version: 6, address: 'fe80::1', prefix: 64 }],
      },
    ]);
    const nothing = guestInfo([]);
    assert.deepEqual([nothing.os, nothing.timezone, nothing.users], [undefined, undefined, []]);
  });

  test('is no address unless it is one and nothing else', () => {
    const said = [
      '10.0.0.5\n    ProxyCommand touch /tmp/x',
      '$(id)',
      'localhost',
      '',
      'fe80::1%eth0',
      '10.0.0.6',
    ];
    const told = said.map((address, n) => [`if.0.addr.${n}.addr`, address] as const);
    const info = guestInfo(parameters({ 'if.0.name': 'eth0', ...Object.fromEntries(told) }));
    assert.deepEqual(info.interfaces[0]?.addresses, [{ version: 4, address: '10.0.0.6', prefix: 0 }]);
  });
});
