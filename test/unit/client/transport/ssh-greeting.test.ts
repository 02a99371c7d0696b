import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { hear, newGreeting } from '../../../../src/client/transport/ssh-greeting.ts';
import { isSince } from '../../../../src/client/transport/ssh-version.ts';

const patience = () => ({ signal: AbortSignal.timeout(10_000), timeoutMs: 5000 });

/** A far side that prints these pieces and hangs up. */
function printing(...pieces: readonly string[]): PassThrough {
  const stream = new PassThrough();
  for (const piece of pieces) stream.write(piece);
  stream.end();
  return stream;
}

suite('The greeting of a script on the far side', () => {
  test('is what a shell makes of it, and does not stand in the script', async () => {
    const greeting = newGreeting();
    const script = greeting.say('netcat');
    assert.ok(!script.includes(greeting.mark.trim()), 'whoever repeats the script does not greet');
    const { stdout } = await execa('sh', ['-c', script]);
    assert.equal(stdout, `${greeting.mark}netcat`);
    assert.notEqual(newGreeting().mark, greeting.mark);
  });

  test('leaves what follows it, wherever the pieces end', async () => {
    const greeting = newGreeting();
    const all = `${greeting.mark}helper\nlibvirt's bytes\nkvm-1 helper\n`;
    for (const at of [1, 5, greeting.mark.length, greeting.mark.length + 7, all.length - 1]) {
      const input = printing(all.slice(0, at), all.slice(at));
      assert.deepEqual(await hear(input, greeting, patience()), { kind: 'answer', answer: 'helper' });
      assert.equal(await text(input), "libvirt's bytes\nkvm-1 helper\n");
    }
  });

  test('is not found in an echo, in noise or in nothing', async () => {
    const greeting = newGreeting();
    const said = (...pieces: readonly string[]) => hear(printing(...pieces), greeting, patience());
    assert.deepEqual(await said('Welcome\n', `${greeting.mark}helper\n`), {
      kind: 'noise',
      printed: 'Welcome\n',
    });
    const echo = greeting.say('helper');
    assert.deepEqual(await said(echo), { kind: 'ended', printed: echo });
    assert.deepEqual(await said(`${greeting.mark}other\n`), {
      kind: 'ended',
      printed: `${greeting.mark}other\n`,
    });
    assert.deepEqual(await said(), { kind: 'ended', printed: '' });
    assert.equal((await said('x'.repeat(100_000))).kind, 'noise');
  });

  test('is not waited for without an end', async () => {
    const stream = new PassThrough();
    stream.write('Which project? ');
    const bounds = { signal: AbortSignal.timeout(10_000), timeoutMs: 20 };
    assert.deepEqual(await hear(stream, newGreeting(), bounds), { kind: 'late', printed: 'Which project? ' });
    await assert.rejects(hear(stream, newGreeting(), { signal: AbortSignal.abort(), timeoutMs: 5000 }), {
      name: 'AbortError',
    });
  });
});

suite('The version of ssh', () => {
  test('tells whether it knows the options of 8.7', () => {
    for (const version of [
      'OpenSSH_8.7p1, OpenSSL 3',
      'OpenSSH_9.2p1 Debian-2',
      'OpenSSH_10.0p2',
      'OpenSSH_for_Windows_9.5p1, LibreSSL',
    ])
      assert.ok(isSince(version), version);
    for (const version of [
      'OpenSSH_8.6p1',
      'OpenSSH_7.9p1 Debian',
      'OpenSSH_for_Windows_8.1p1',
      'Dropbear v2022.83',
      '',
    ])
      assert.ok(!isSince(version), version);
  });
});
