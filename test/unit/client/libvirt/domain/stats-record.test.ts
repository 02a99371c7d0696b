import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDomainStats } from '../../../../../src/client/libvirt/domain/stats-record.ts';
import { ParameterTree } from '../../../../../src/client/libvirt/parameters.ts';
import { parameters } from '../sent-parameters.ts';

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
