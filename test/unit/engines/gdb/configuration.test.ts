import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readConfiguration } from '../../../../src/engines/gdb/configuration.ts';
import { DebugError } from '../../../../src/engines/gdb/error.ts';

const launch = (more: object) => readConfiguration({ type: 'kvm', request: 'launch', name: 'It', ...more });

function refuses(read: () => unknown, words: RegExp): void {
  assert.throws(read, (error) => error instanceof DebugError && words.test(error.message));
}

suite('A launch.json of type kvm', () => {
  test('is read with what it leaves out', () => {
    const attach = readConfiguration({ request: 'attach', domain: 'web' });
    assert.equal(attach.request, 'attach');
    assert.deepEqual([attach.debugger, attach.checkSymbols, attach.commands], ['gdb', true, []]);
    const boot = launch({ kernel: '/k', arch: 'i386', memory: 16 });
    assert.ok(boot.request === 'launch');
    assert.deepEqual(
      [boot.boot.arch, boot.boot.memoryMiB, boot.boot.acceleration, boot.record],
      ['i686', 16, 'tcg', false],
    );
  });

  test('is refused with the name of the field that is wrong', () => {
    refuses(() => readConfiguration({ request: 'attach' }), /“domain”/);
    refuses(() => readConfiguration({ request: 'sing' }), /“request”/);
    refuses(() => launch({}), /what to boot/);
    refuses(() => launch({ domain: 'web', kernel: '/k' }), /its own kernel/);
    refuses(() => launch({ kernel: '/k', memory: '16' }), /“memory”/);
    refuses(() => launch({ kernel: '/k', arch: 'pdp11' }), /“arch”.*x86_64/);
    refuses(() => launch({ kernel: '/k', commands: 'x' }), /“commands”/);
  });

  test('is refused where QEMU could not record it', () => {
    refuses(() => launch({ kernel: '/k', record: true, acceleration: 'kvm' }), /emulated/);
    refuses(() => launch({ kernel: '/k', record: true, vcpus: 2 }), /one vCPU/);
    refuses(() => launch({ domain: 'web', record: true }), /recorded/);
  });
});
