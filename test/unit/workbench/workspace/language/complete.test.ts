import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EnvironmentDocument } from '../../../../../src/engines/environment/file/document.ts';
import { explanation, suggestions } from '../../../../../src/workbench/workspace/language/complete.ts';
import { placeAt, typingAt } from '../../../../../src/workbench/workspace/language/locate.ts';

const NAMES = { images: ['debian-13', 'mine'], hosts: ['lab'], guests: ['web', 'db'], networks: ['lan'] };

/** What is offered where `|` stands. */
function offered(text: string): string[] {
  const [before = '', after = ''] = text.split('|');
  const typing = typingAt(before, after);
  return typing === undefined ? [] : suggestions(typing, NAMES).map(({ label }) => label);
}

suite('Typing a kvm.yaml', () => {
  test('keys are offered where they may be, but not twice', () => {
    assert.deepEqual(offered('|'), ['name', 'host', 'networks', 'guests']);
    const keys = offered('guests:\n  web:\n    image: x\n    |\n    cpus: 2\n  db:\n    memory: 1 GiB\n');
    assert.ok(keys.includes('memory') && keys.includes('ports'));
    assert.ok(!keys.includes('image') && !keys.includes('cpus'));
    assert.deepEqual(offered('guests:\n  web:\n    ssh:\n      p|'), ['user', 'port']);
    assert.deepEqual(offered('guests:\n  |'), [], 'names of guests are the person’s own');
    assert.ok(offered('networks:\n  lan:\n    |').includes('subnet'));
  });

  test('values are offered from the schema and from what is there', () => {
    const guest = (line: string) => offered(`guests:\n  web:\n    ${line}`);
    assert.deepEqual(guest('accel: |'), ['auto', 'kvm', 'tcg']);
    assert.deepEqual(guest('image: |'), ['debian-13', 'mine']);
    assert.deepEqual(guest('depends-on: [|'), ['web', 'db']);
    assert.deepEqual(guest('depends-on:\n      - |'), ['web', 'db']);
    assert.ok(guest('networks:\n      - |').includes('lan'));
    assert.deepEqual(guest('tpm: |'), ['true', 'false']);
    assert.deepEqual(offered('host: l|'), ['lab']);
  });

  test('a key is explained, also inside of a list', () => {
    const text =
      'guests:\n  web:\n    memory: 1 GiB\n    mounts:\n      - source: .\n        target: /work\n';
    const at = (word: string) => placeAt(new EnvironmentDocument(text), text.indexOf(word) + 1)?.path ?? [];
    assert.deepEqual(at('memory'), ['guests', 'web', 'memory']);
    assert.match(explanation(at('memory')) ?? '', /\nThe memory\. Default: 2 GiB/u);
    assert.deepEqual(at('target'), ['guests', 'web', 'mounts', 0, 'target']);
    assert.match(explanation(at('target')) ?? '', /The place in the guest\./u);
    assert.equal(explanation(['nothing']), undefined);
  });

  test('no place in any text makes it throw', () => {
    const text = 'guests:\n  web:\n    image: {url: "x"}\n    ports: [80, "1:2"]\n    - x\n\t:\n';
    for (let at = 0; at <= text.length; at += 1) {
      offered(`${text.slice(0, at)}|${text.slice(at)}`);
      placeAt(new EnvironmentDocument(text), at);
    }
  });
});
