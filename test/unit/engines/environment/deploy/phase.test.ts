import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  type Phase,
  phaseSentence,
  phaseText,
  stepOf,
} from '../../../../../src/engines/environment/deploy/phase.ts';

const MIB = 1024 * 1024;

suite('What a guest is waited for', () => {
  test('is a state beside its name, and a sentence that names it elsewhere', () => {
    const both = (phase: Phase) => [phaseText(phase), phaseSentence('web', phase)];
    assert.deepEqual(both({ kind: 'start' }), ['starting…', 'Starting web']);
    assert.deepEqual(both({ kind: 'ssh', at: '10.0.0.2:22', from: 'lease' }), [
      'waiting for SSH at 10.0.0.2:22 (DHCP lease)…',
      'Waiting for SSH on web at 10.0.0.2:22 (DHCP lease)',
    ]);
    assert.deepEqual(both({ kind: 'cloud-init', stage: 'final' }), [
      'cloud-init is installing packages and running commands…',
      'cloud-init in web is installing packages and running commands',
    ]);
    assert.deepEqual(both({ kind: 'provision', index: 2, of: 3 }), [
      'running script 2 of 3…',
      'Running script 2 of 3 in web',
    ]);
  });

  test('says how much of an image is there, as far as that is known', () => {
    const image = (bytes: number, total?: number): string =>
      phaseSentence('web', { kind: 'image', bytes, total });
    assert.equal(image(0), 'Downloading the image of web');
    assert.equal(image(12 * MIB), 'Downloading the image of web: 12 MiB');
    assert.equal(image(12 * MIB, 300 * MIB), 'Downloading the image of web: 12 of 300 MiB');
  });

  test('is the same step however much of it is done, and another one for another script', () => {
    const step = (phase: Phase) => phaseSentence('web', stepOf(phase));
    assert.equal(step({ kind: 'image', bytes: MIB, total: 2 * MIB }), 'Downloading the image of web');
    assert.equal(step({ kind: 'convert', fraction: 0.5 }), 'Converting the image of web');
    assert.equal(step({ kind: 'volume', name: 'disk1', fraction: 0.5 }), 'Creating disk1 for web');
    assert.equal(step({ kind: 'provision', index: 2, of: 3 }), 'Running script 2 of 3 in web');
  });
});
