import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LineEditor } from '../../../../../src/engines/gdb/monitor/line-editor.ts';

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
