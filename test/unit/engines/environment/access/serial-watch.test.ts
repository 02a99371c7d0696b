import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SerialLines } from '../../../../../src/engines/environment/access/serial-watch.ts';

suite('What a guest says at its serial port', () => {
  test('a serial port’s lines, and cloud-init’s stages among them, however they are cut', () => {
    const stages: string[] = [];
    const lines = new SerialLines((stage) => stages.push(stage));
    assert.equal(lines.count, 0);
    const text =
      "[    9.1] Cloud-init v. 22.4.2 running 'init-local' at Mon\r\nCloud-init v. 22.4.2 running 'init' at\r\n\u001b[32mok\u001b[0m\r\nCloud-init v. 22.4.2 finished at\r\n";
    for (const character of text) lines.add(character);
    assert.deepEqual(stages, ['data', 'network', 'done']);
    assert.equal(lines.last, 'Cloud-init v. 22.4.2 finished at');
    assert.equal(lines.count, 4);
    lines.add('\u001b]0;evil\u0007\u0000login');
    assert.equal(lines.last, 'Cloud-init v. 22.4.2 finished at', 'not before the line has ended');
    lines.add('x'.repeat(1_000_000));
    lines.add('\n');
    assert.ok(lines.last.length <= 200);
  });
});
