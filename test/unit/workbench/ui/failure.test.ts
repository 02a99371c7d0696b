import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ErrorCode } from '../../../../src/client/libvirt/error.ts';
import { RemoteError } from '../../../../src/client/rpc/error.ts';
import { TransportError } from '../../../../src/client/transport/error.ts';
import {
  asSentence,
  explain,
  fullDetail,
  isCancellation,
  stackOf,
} from '../../../../src/workbench/ui/failure.ts';

function refusal(code: number, message: string | undefined): RemoteError {
  return new RemoteError('DOMAIN_CREATE', { code, domain: 10, level: 2, message });
}

suite('What a person is told about an error', () => {
  test("libvirt's own words, on one line and without the full stop", () => {
    const { reason, hint } = explain(refusal(1, 'internal error: qemu died:\n  bad option.\n'));
    assert.equal(reason, 'internal error: qemu died: bad option');
    assert.equal(hint, undefined);
  });

  test('what to do about the errors that have a way out', () => {
    assert.match(
      explain(refusal(ErrorCode.NO_DOMAIN, 'x')).hint ?? '',
      /Another program may have removed it/,
    );
    assert.match(explain(refusal(ErrorCode.OPERATION_DENIED, 'x')).hint ?? '', /read-only/);
    assert.match(explain(refusal(ErrorCode.ACCESS_DENIED, 'x')).hint ?? '', /polkit/);
    assert.match(explain(refusal(ErrorCode.OPERATION_TIMEOUT, 'x')).hint ?? '', /try again/);
  });

  test('the hint of a failed connection', () => {
    const error = new TransportError('refused', 'far refused.', 'Check the port.');
    assert.deepEqual(explain(error), { reason: 'far refused', hint: 'Check the port.' });
  });

  test('the words of any other error, and of what is none', () => {
    assert.equal(explain(new RangeError('too large')).reason, 'too large');
    assert.equal(explain('plain text').reason, 'plain text');
    assert.equal(explain(undefined).reason, 'undefined');
  });

  test('no link, no icon trickery and no more than a few lines from a daemon', () => {
    const { reason } = explain(refusal(1, `no domain [free](https://x) ${'y'.repeat(1000)}`));
    assert.doesNotMatch(reason, /\]\(/);
    assert.equal(reason.length, 300);
    assert.ok(reason.includes(' … y'));
  });

  test('of a long refusal its end, where QEMU says why, without the warnings before it', () => {
    const warning = (bit: number) =>
      `2026-01-02T03:04:05.${bit}Z qemu-system-x86_64: warning: TCG doesn't support requested feature: CPUID.07H:EBX.x [bit ${bit}]\n`;
    const warnings = Array.from({ length: 30 }, (_, index) => warning(index)).join('');
    const start = "internal error: QEMU unexpectedly closed the monitor (vm='web'): ";
    const why =
      '2026-01-02T03:04:06.1Z qemu-system-x86_64: Error loading uncompressed kernel without PVH ELF Note';
    const why1 = `qemu-system-x86_64: Error loading uncompressed kernel without PVH ELF Note`;
    assert.equal(explain(refusal(1, `${start}${warnings}${why}\n`)).reason, `${start}${why1}`);
    const gtk = '(qemu-system-x86_64:123): Gtk-WARNING **: 03:04:05.1: cannot open display\n';
    assert.equal(
      explain(refusal(1, `${start}${gtk}/usr/libexec/qemu-kvm: warning: old\n${why}`)).reason,
      `${start}${why1}`,
    );
    // Where there is nothing else, a warning is better than nothing.
    assert.match(explain(refusal(1, `${start}${warning(1)}`)).reason, /TCG doesn't support/u);
    const long = explain(refusal(1, `${start}${'-device x '.repeat(100)}${why}`)).reason;
    assert.equal(long.length, 300);
    assert.ok(long.startsWith(start) && long.endsWith(why1), long);
  });

  test('nothing in it can turn the sentence around or hide', () => {
    const { reason } = explain(refusal(42, "no domain with matching name 'a\u202eb\u0000'"));
    assert.equal(reason, String.raw`no domain with matching name 'a\u{202e}b\u{0}'`);
  });
});

suite('A text as a sentence', () => {
  test('has a capital and a full stop', () => {
    assert.equal(asSentence('internal error: qemu died'), 'Internal error: qemu died.');
    assert.equal(asSentence('Is it on?'), 'Is it on?');
    assert.equal(asSentence('One sentence. Another one.'), 'One sentence. Another one.');
  });

  test('leaves names at its beginning as they are', () => {
    assert.equal(asSentence('qemu unexpectedly closed the monitor'), 'qemu unexpectedly closed the monitor.');
    assert.equal(asSentence('kvm.yaml is empty'), 'kvm.yaml is empty.');
    assert.equal(asSentence('cloud-init failed'), 'cloud-init failed.');
  });
});

suite('Cancelling', () => {
  test('is no failure', () => {
    assert.equal(isCancellation(AbortSignal.abort().reason), true);
    assert.equal(isCancellation(new Error('AbortError')), false);
    assert.equal(isCancellation('AbortError'), false);
  });

  test('by a time limit is one', async () => {
    const signal = AbortSignal.timeout(0);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    assert.equal(isCancellation(signal.reason), false);
  });
});

suite('The log', () => {
  test('has the code, domain and call of a refusal, and all causes, a line each', () => {
    const cause = new TransportError('lost', 'gone', undefined, { cause: new Error('EPIPE') });
    const error = new Error('Could not start', { cause });
    assert.equal(fullDetail(error), 'Could not start\nCaused by: gone\nCaused by: EPIPE');
    assert.match(fullDetail(refusal(42, 'x')), /^x \(code 42, domain 10, DOMAIN_CREATE\)$/);
    assert.equal(fullDetail('plain'), 'plain');
  });

  test('has the stacks of an error and of its causes for developers', () => {
    const error = new Error('Could not start', { cause: new Error('EPIPE') });
    assert.match(stackOf(error) ?? '', /Could not start\n +at [^]*\nError: EPIPE\n +at /u);
    assert.equal(stackOf('plain'), undefined);
  });
});
