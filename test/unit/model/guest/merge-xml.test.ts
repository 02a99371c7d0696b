import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mergeDomain } from '../../../../src/model/guest/merge-xml.ts';
import { element, writeXml } from '../../../../src/language/xml/build.ts';

suite('An XML patch', () => {
  const base = element(
    'domain',
    { type: 'qemu' },
    element('name', {}, 'a'),
    element('cpu', { mode: 'maximum' }),
    element(
      'devices',
      {},
      element('disk', { type: 'file' }),
      element('video', {}, element('model', { type: 'vga' })),
    ),
  );

  test('replaces attributes and texts, merges what there is one of, and adds devices', () => {
    const merged = writeXml(
      mergeDomain(
        base,
        `<domain><name>b &amp; c</name><cpu mode="host-model" check="none"/><devices>
          <disk type="block"/><video><model type="virtio"/></video><sound model="ich9"/></devices>
          <iothreads>2</iothreads></domain>`,
      ),
    );
    assert.equal(
      merged,
      `<domain type='qemu'>
  <name>b &amp; c</name>
  <cpu mode='host-model' check='none'/>
  <devices>
    <disk type='file'/>
    <video>
      <model type='virtio'/>
    </video>
    <disk type='block'/>
    <sound model='ich9'/>
  </devices>
  <iothreads>2</iothreads>
</domain>
`,
    );
  });

  test('that is no XML is refused', () => {
    assert.throws(() => mergeDomain(base, '<domain><a></domain>'), SyntaxError);
    assert.throws(() => mergeDomain(base, ''), SyntaxError);
  });
});
