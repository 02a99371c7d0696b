import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ProxyLink } from '../../../../../src/engines/gdb/proxy/link.ts';
import { packet } from '../../../../../src/engines/gdb/stub/packet.ts';

suite('A request to stop', () => {
  function link() {
    const toStub: string[] = [];
    const options = { narrow: false, paced: false };
    const made = new ProxyLink(options, {
      toGdb: () => undefined,
      toStub: (bytes) => toStub.push(bytes),
      warn: () => undefined,
      hangUp: () => undefined,
    });
    const stops = (reply: string) => made.fromStub.push(`+${packet(reply)}`);
    return { made, toStub, stops, goesOn: () => made.fromGdb.push(packet('vCont;c')) };
  }

  test('that came while the guest stood still is sent again when it runs, until it stopped for it', () => {
    const { made, toStub, stops, goesOn } = link();
    goesOn();
    stops('T05thread:01;');
    made.fromGdb.push('\x03');
    goesOn();
    assert.deepEqual(toStub, [packet('vCont;c'), '\x03', packet('vCont;c'), '\x03']);
    stops('T02thread:01;');
    goesOn();
    assert.equal(toStub.at(-1), packet('vCont;c'));
  });

  test('is forgotten where a person sees that the guest stands still', () => {
    const { made, toStub, stops, goesOn } = link();
    goesOn();
    made.fromGdb.push('\x03');
    stops('T05thread:01;');
    made.settle();
    goesOn();
    assert.equal(toStub.at(-1), packet('vCont;c'));
  });
});
