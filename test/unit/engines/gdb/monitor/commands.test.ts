import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readCommands } from '../../../../../src/engines/gdb/monitor/commands.ts';

const HELP = `announce_self [interfaces] [id] -- Trigger GARP/RARP announcements
c|cont  -- resume emulation
info [subcommand] -- show various information about the system state
info kvm  -- show KVM information
`;

const INFO = `info status  -- show the current VM status (running|paused)
info stats target [names] [provider] -- show statistics
info kvm  -- show KVM information
`;

suite('The completion of QEMU’s monitor', () => {
  const commands = readCommands(HELP, INFO, ['query-status', 'query-stats', 'quit']);

  test('completes commands, topics, and the names of QMP', () => {
    assert.deepEqual(commands.complete('ann'), { add: 'ounce_self ', choices: [] });
    assert.deepEqual(commands.complete('info k'), { add: 'vm ', choices: [] });
    assert.deepEqual(commands.complete('info sta'), { add: 't', choices: ['stats', 'status'] });
    assert.deepEqual(commands.complete('{"execute":"qui'), { add: 't"', choices: [] });
    assert.deepEqual(commands.complete('nothing'), { add: '', choices: [] });
  });

  test('offers no name that a terminal would obey', () => {
    const evil = readCommands(HELP, INFO, ['query-\u001b]52;c;aGk=\u0007', 'query-x\u009b2J', 'query-kvm']);
    assert.deepEqual(evil.complete('{"execute":"query-'), { add: 'kvm"', choices: [] });
  });
});
