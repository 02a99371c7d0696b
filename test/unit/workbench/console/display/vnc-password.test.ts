import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { answerChallenge } from '../../../../../src/workbench/console/display/vnc-password.ts';

suite('The answer to the challenge of a VNC server', () => {
  test('uses eight bytes of a password, for each block of the challenge by itself', () => {
    const challenge = Buffer.alloc(16);
    const answer = answerChallenge(challenge, 'password');
    assert.equal(answer.length, 16);
    assert.deepEqual(answer.subarray(0, 8), answer.subarray(8), 'each block by itself');
    assert.notDeepEqual(answer, answerChallenge(challenge, 'passwore'));
    assert.deepEqual(answer, answerChallenge(challenge, 'password and more'), 'eight bytes count');
  });
});
