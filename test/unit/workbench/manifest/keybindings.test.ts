import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../../package.json' with { type: 'json' };

test('the key that saves asks first in a document of a host, and nowhere else', () => {
  const save = manifest.contributes.keybindings.filter(({ command }) => command === 'kvm.document.save');
  assert.deepEqual(
    save.map(({ key, mac }) => [key, mac]),
    [['ctrl+s', 'cmd+s']],
  );
  assert.match(save[0]?.when ?? '', /resourceScheme == libvirt/u);
});
