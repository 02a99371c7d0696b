import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { entriesOf } from '../../../scripts/lib/compile-documentation.ts';
import { findEntry, type DocumentedPlace } from '../../../src/editor/language/find-entry.ts';

const PAGE = `<html><body><section id="disks"><p>Any disk is a <span class="literal">disk</span> element.</p>
<pre>&lt;devices&gt;&lt;disk type='file'&gt;&lt;driver cache='none'/&gt;&lt;source/&gt;&lt;/disk&gt;&lt;/devices&gt;</pre>
<dl><dt><span class="literal">disk</span></dt>
<dd><p>The main container.</p>
  <dl><dt><span class="literal">type</span> attribute</dt><dd><p>Its source. <span class="since">since 0.0.3</span></p></dd></dl></dd>
<dt><span class="literal">driver</span></dt>
<dd>The driver element has details. <ul><li>The optional cache attribute controls the cache. It matters.</li></ul></dd>
<dt><span class="literal">source</span></dt><dd>The image.</dd></dl></section>
<section id="cards"><p>A <span class="literal">interface</span>.</p>
<pre>&lt;devices&gt;&lt;interface&gt;&lt;source/&gt;&lt;/interface&gt;&lt;/devices&gt;</pre>
<dl><dt><span class="literal">source</span></dt><dd>The network.</dd></dl></section></body></html>`;

suite('libvirt’s documentation', () => {
  const pages = { formatdomain: entriesOf('formatdomain.html', PAGE) };
  const find = (path: string, attribute?: string) => {
    const place: DocumentedPlace = { kind: 'domain', path: path.split('/'), attribute };
    return findEntry(pages, place);
  };

  test('is found for elements of the same name by what is around them', () => {
    assert.equal(find('domain/devices/disk/source')?.text, 'The image.');
    assert.equal(find('domain/devices/interface/source')?.text, 'The network.');
    assert.equal(find('domain/devices/disk')?.text, 'The main container.');
    assert.equal(find('domain/devices/sound/source'), undefined);
    assert.equal(find('domain/devices/nothing'), undefined);
  });

  test('is found for attributes with an entry and for those that a sentence speaks of', () => {
    const type = find('domain/devices/disk', 'type');
    assert.equal(type?.since, 'Since 0.0.3');
    assert.equal(type?.page, 'formatdomain.html#disks');
    assert.equal(
      find('domain/devices/disk/driver', 'cache')?.text,
      'The optional cache attribute controls the cache. It matters.',
    );
    assert.equal(find('domain/devices/disk/source', 'cache'), undefined);
  });
});
