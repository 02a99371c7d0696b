import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDomainStats } from '../../../../src/client/libvirt/domain/stats-record.ts';
import { guestInfo } from '../../../../src/client/libvirt/domain/guest-info.ts';
import { ParameterTree } from '../../../../src/client/libvirt/parameters.ts';
import type { TypedParameter } from '../../../../src/client/rpc/types.ts';

/** Parameters as daemons send them, the type by the look of the value. */
function parameters(values: Record<string, number | bigint | string | boolean>): readonly TypedParameter[] {
  return Object.entries(values).map(([field, value]) => {
    if (typeof value === 'bigint') return { field, type: 'ullong', value };
    if (typeof value === 'string') return { field, type: 'string', value };
    if (typeof value === 'boolean') return { field, type: 'boolean', value };
    return { field, type: Number.isInteger(value) ? 'uint' : 'double', value };
  });
}

suite('Typed parameters as a tree', () => {
  const tree = new ParameterTree(
    parameters({
      'a.count': 4_000_000_000,
      'a.10.x': 'ten',
      'a.2.x': 'two',
      'a.2': 2n,
      '__proto__.polluted': true,
      half: 0.5,
    }),
  );

  test('reads by kind, and nothing where the kind is another', () => {
    assert.equal(tree.number('a', '2'), 2);
    assert.equal(tree.bigint('a', 'count'), 4_000_000_000n);
    assert.equal(tree.bigint('half'), undefined);
    assert.equal(tree.number('half'), 0.5);
    assert.equal(tree.text('a', '2'), undefined);
    assert.equal(tree.text('a', '2', 'x', 'deeper'), undefined);
    assert.equal(tree.boolean('__proto__', 'polluted'), true);
    assert.equal('polluted' in {}, false);
  });

  test('counts what is there, not what is announced', () => {
    assert.deepEqual(
      tree.numbered('a').map(([index, item]) => [index, item.text('x')]),
      [
        [2, 'two'],
        [10, 'ten'],
      ],
    );
    assert.deepEqual(tree.numbered('b'), []);
    assert.equal(tree.at('b').isEmpty, true);
  });

  test('lists the values below', () => {
    assert.deepEqual([...tree.at('a').leaves()].toSorted(), [
      ['10.x', 'ten'],
      ['2', 2n],
      ['2.x', 'two'],
      ['count', 4_000_000_000],
    ]);
  });
});

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
});

suite("A domain's statistics", () => {
  test('of groups that need special hosts', () => {
    const stats = readDomainStats(
      new ParameterTree(
        parameters({
          'cpu.haltpoll.success.time': 7n,
          'cpu.cache.monitor.count': 1,
          'cpu.cache.monitor.0.name': 'm',
          'cpu.cache.monitor.0.vcpus': '0-1',
          'cpu.cache.monitor.0.bank.0.id': 3,
          'cpu.cache.monitor.0.bank.0.bytes': 4096,
          'memory.bandwidth.monitor.0.name': 'b',
          'memory.bandwidth.monitor.0.node.0.id': 1,
          'memory.bandwidth.monitor.0.node.0.bytes.local': 5n,
          'memory.bandwidth.monitor.0.node.0.bytes.total': 6n,
          'iothread.count': 2,
          'iothread.4.poll-max-ns': 32_768n,
          'perf.cmt': 8n,
          'vm.remote_tlb_flush.sum': 9n,
          'vcpu.0.state': 1,
          'vcpu.0.halted': true,
          'vcpu.0.exits.sum': 10n,
          'dirtyrate.calc_status': 2,
          'dirtyrate.megabytes_per_second': 11n,
          'dirtyrate.vcpu.0.megabytes_per_second': 12n,
        }),
      ),
    );
    assert.equal(stats.cpu?.haltPollSuccess, 7n);
    assert.deepEqual(stats.cpu?.cacheMonitors, [
      { name: 'm', vcpus: '0-1', banks: [{ id: 3, bytes: 4096n }] },
    ]);
    assert.deepEqual(stats.memoryMonitors[0]?.banks, [{ id: 1, localBytes: 5n, totalBytes: 6n }]);
    assert.deepEqual(stats.ioThreads, [
      { id: 4, pollMax: 32_768n, pollGrow: undefined, pollShrink: undefined },
    ]);
    assert.deepEqual(
      [...stats.perf, ...stats.vm],
      [
        ['cmt', 8n],
        ['remote_tlb_flush.sum', 9n],
      ],
    );
    assert.deepEqual([stats.vcpus[0]?.state, stats.vcpus[0]?.halted], ['running', true]);
    assert.deepEqual([...(stats.vcpus[0]?.hypervisor ?? [])], [['exits.sum', 10n]]);
    assert.deepEqual([stats.dirtyRate?.status, stats.dirtyRate?.mebibytesPerSecond], ['measured', 11]);
    assert.deepEqual(stats.dirtyRate?.vcpus, [{ index: 0, mebibytesPerSecond: 12 }]);
    assert.deepEqual([stats.state, stats.balloon], [undefined, undefined]);
  });
});
