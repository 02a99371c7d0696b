import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { stubIn } from '../../../../../src/engines/gdb/stub/stub.ts';

suite('A gdb stub among QEMU’s character devices', () => {
  test('is found, with whether a debugger holds it', () => {
    assert.equal(stubIn('charserial0: filename=pty:/dev/pts/1\n#chr044: filename=gdb\n'), undefined);
    const waiting = stubIn('gdb: filename=disconnected:tcp:127.0.0.1:61234,server=on\nx: y\n');
    assert.deepEqual([waiting?.port, waiting?.connected], [61_234, false]);
    const held = stubIn('gdb: filename=tcp:127.0.0.1:61234,server=on <-> 127.0.0.1:38474\n');
    assert.deepEqual([held?.port, held?.connected], [61_234, true]);
    assert.equal(stubIn('gdb: filename=disconnected:unix:/x,server=on\n')?.port, undefined);
  });
});
