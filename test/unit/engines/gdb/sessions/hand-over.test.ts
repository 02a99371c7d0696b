import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DebugError } from '../../../../../src/engines/gdb/error.ts';
import {
  checkInstalled,
  handOver,
  OTHER_DEBUGGERS,
} from '../../../../../src/engines/gdb/sessions/hand-over.ts';

const input = {
  name: 'Boot',
  gdb: 'gdb-multiarch',
  program: '/k.elf',
  address: { host: '127.0.0.1', port: 61_000 },
  hardwareBreakpoints: false,
  commands: ['set print pretty on'],
  workspace: '/w',
  sourceFileMap: [['/build', '/w']] as const,
};

suite('A guest that another debugger gets', () => {
  test('is in the fields of that debugger', () => {
    const cpp = handOver('cppdbg', input);
    assert.deepEqual(
      [cpp.type, cpp['miDebuggerServerAddress'], cpp['miDebuggerPath'], cpp['program'], cpp['cwd']],
      ['cppdbg', '127.0.0.1:61000', 'gdb-multiarch', '/k.elf', '/w'],
    );
    assert.deepEqual(handOver('lldb', input)['processCreateCommands'], [
      'gdb-remote 127.0.0.1:61000',
      'set print pretty on',
    ]);
    assert.deepEqual(handOver('gdbtarget', input)['target'], {
      type: 'remote',
      host: '127.0.0.1',
      port: '61000',
    });
  });

  test('keeps its name, and names the address, whoever gets it', () => {
    for (const type of OTHER_DEBUGGERS) {
      const configuration = handOver(type, input);
      assert.deepEqual([configuration.type, configuration.name], [type, 'Boot']);
      assert.match(JSON.stringify(configuration), /61000/);
      assert.match(JSON.stringify(configuration), /\/build.*\/w/, 'and where the sources are');
    }
  });

  test('waits for nobody who is not installed', () => {
    const others = [{}, { contributes: {} }, { contributes: { debuggers: [{ type: 'node' }] } }];
    assert.throws(
      () => checkInstalled('cppdbg', others),
      (error) =>
        error instanceof DebugError &&
        /“cppdbg” is installed/.test(error.message) &&
        error.hint !== undefined,
    );
    checkInstalled('cppdbg', [...others, { contributes: { debuggers: [{ type: 'cppdbg' }] } }]);
  });

  test('is refused for a debugger that nobody knows', () => {
    assert.throws(() => handOver('abacus', input), /“abacus”/);
  });
});
