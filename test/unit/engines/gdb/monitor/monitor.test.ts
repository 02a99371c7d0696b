import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readCommands } from '../../../../../src/engines/gdb/monitor/commands.ts';
import { LineEditor } from '../../../../../src/engines/gdb/monitor/line-editor.ts';

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
});

suite('The line of a monitor terminal', () => {
  const typed = (...data: string[]) => {
    const line = new LineEditor();
    return { line, events: data.flatMap((each) => line.feed(each)) };
  };

  test('is edited as in a shell', () => {
    assert.deepEqual([typed('abc\u007f').line.text], ['ab']);
    const { line } = typed('info x', '\u001b[D', 'k', '\u001b[H', '\u0001', '\u001b[3~', 'I');
    assert.deepEqual([line.text, line.cursor], ['Info kx', 1]);
    assert.equal(typed('info status\u0017').line.text, 'info ');
    assert.equal(typed('info\u0015').line.text, '');
  });

  test('remembers what was sent', () => {
    const { line, events } = typed('info kvm\r', 'stop\r', '\u001b[A', '\u001b[A');
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'line'),
      [
        { kind: 'line', text: 'info kvm' },
        { kind: 'line', text: 'stop' },
      ],
    );
    assert.equal(line.text, 'info kvm');
  });

  test('takes keys whose bytes come one by one, and ignores what it does not know', () => {
    const { line } = typed('ab', '\u001b', '[', 'D', 'x', '\u001b[15~', '\u0007');
    assert.equal(line.text, 'axb');
  });

  test('sends every line of a paste', () => {
    const { events } = typed('stop\ncont\n');
    assert.equal(events.filter(({ kind }) => kind === 'line').length, 2);
  });
});
