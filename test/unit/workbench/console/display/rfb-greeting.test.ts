import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { RfbGreeting } from '../../../../../src/workbench/console/display/rfb-greeting.ts';

suite('The greeting for a client', () => {
  test('needs no password, however the client cuts its words, and passes on the rest', () => {
    const client = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1]), Buffer.from('init')]);
    for (let cut = 0; cut <= client.length; cut++) {
      const said: number[] = [];
      const greeting = new RfbGreeting((bytes) => said.push(...bytes));
      const rest = [client.subarray(0, cut), client.subarray(cut)].map((part) => greeting.take(part));
      assert.equal(String(Buffer.concat(rest)), 'init');
      assert.equal(String(Buffer.from(said)), 'RFB 003.008\n\u0001\u0001\0\0\0\0');
    }
  });
});
