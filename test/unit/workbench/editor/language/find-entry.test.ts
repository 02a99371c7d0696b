import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readPage } from '../../../../../scripts/lib/documentation/read-page.ts';
import type { DocumentedPlace } from '../../../../../src/workbench/editor/language/documented-place.ts';
import { findEntry, type FoundEntry } from '../../../../../src/workbench/editor/language/find-entry.ts';

const word = (text: string) => `<span class="docutils literal">${text}</span>`;
const since = (text: string) => `<span class="since">${text}</span>`;
const example = (xml: string) => `<pre>${xml.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</pre>`;

const PAGE = `<html><body>
<section id="overview"><p>The root element required for all is named ${word('domain')}. It has an attribute,
the ${word('type')} says who runs it.</p>
<section id="disks"><p>Any disk is a ${word('disk')} element.</p>
${example("<domain type='kvm'><devices><disk type='file'><driver cache='none' io='native'/><source/></disk></devices></domain>")}
<dl><dt>${word('disk')}</dt>
<dd><p>The main container.</p>
  <dl><dt>${word('type')} attribute</dt><dd><p>Its source. ${since('since 0.0.3')}</p></dd></dl></dd>
<dt>${word('driver')}</dt>
<dd>The driver element has details. <ul><li><p>The optional ${word('cache')} attribute controls the cache, ${word('none')}
being (${since('since 0.6.0')}) new. It matters.</p></li><li><p>The ${word('io')} attribute defaults to ${word('threads')}.
${since('Since 0.8.8')}</p></li></ul></dd>
<dt>${word('source')}</dt><dd>The image.</dd></dl></section>
<section id="network-cards"><p>A ${word('interface')}.</p>
${example("<devices><interface><source/><model type='virtio'/></interface></devices>")}
<dl><dt>${word('source')}</dt><dd>The network.</dd></dl>
<p>An optional ${word('type')} attribute of the ${word('model')} element may be:</p>
<dl><dt>${word('virtio')}</dt><dd><p>The fast one. It needs drivers.</p></dd>
<dt>${word('e1000e')}</dt><dd><p>The usual one.</p></dd></dl></section>
<section id="features"><p>Features.</p>${example("<features><hyperv><relaxed state='on'/></hyperv></features>")}
<dl><dt>${word('hyperv')}</dt><dd><p>For Windows.</p><table><thead><tr><th>Feature</th></tr></thead>
<tbody><tr><td>relaxed</td><td>Relax timers</td><td>on, off</td><td>1.0.0</td></tr></tbody></table></dd></dl></section>
<section id="old"><p>Older pages.</p>${example('<domain><creation/></domain>')}
<p>${word('creation')}</p><blockquote><p>When it was made.</p></blockquote></section>
</section></body></html>`;

suite('libvirt’s documentation', () => {
  const pages = { formatdomain: readPage('formatdomain.html', PAGE) };
  const find = (path: string, attribute?: string): FoundEntry | undefined => {
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

  test('is found for the root, for rows of tables and for terms of older pages', () => {
    assert.match(find('domain')?.text ?? '', /^The root element required for all is named `domain`\./u);
    assert.match(find('domain', 'type')?.text ?? '', /the `type` says who runs it/u);
    assert.deepEqual(
      [find('domain/features/hyperv/relaxed')?.text, find('domain/features/hyperv/relaxed')?.since],
      ['Relax timers\n\nTakes: on, off', 'Since 1.0.0'],
    );
    assert.equal(find('domain/creation')?.text, 'When it was made.');
  });

  test('is found for attributes with an entry and for those that a sentence speaks of', () => {
    const type = find('domain/devices/disk', 'type');
    assert.equal(type?.since, 'Since 0.0.3');
    assert.equal(type?.page, 'formatdomain.html#disks');
    assert.equal(
      find('domain/devices/disk/driver', 'cache')?.text,
      'The optional `cache` attribute controls the cache, `none` being (since 0.6.0) new. It matters.',
    );
    assert.equal(find('domain/devices/disk/source', 'cache'), undefined);
  });

  test('tells the version and the default of a thing, and not those of its values', () => {
    assert.equal(find('domain/devices/disk/driver', 'cache')?.since, '');
    const io = find('domain/devices/disk/driver', 'io');
    assert.deepEqual([io?.since, io?.default], ['Since 0.8.8', 'threads']);
  });

  test('lists the values that follow an attribute', () => {
    assert.equal(
      find('domain/devices/interface/model', 'type')?.text,
      'An optional `type` attribute of the `model` element may be:\n- `virtio`: The fast one.\n- `e1000e`: The usual one.',
    );
  });

  test('is ours where libvirt says nothing, the closest to the place', () => {
    const said = (path: string, attribute?: string) => find(path, attribute)?.text ?? '';
    assert.match(said('domain/devices/rng/address', 'slot'), /^The slot of the PCI bus/u);
    assert.equal(find('domain/devices/rng/address', 'domain')?.default, '0x0000');
    assert.equal(find('domain/devices/rng/alias')?.page, 'formatdomain.html');
    const network = { kind: 'network', path: ['network', 'forward', 'address'], attribute: 'slot' } as const;
    assert.equal(findEntry(pages, network)?.text, 'The slot of the host’s PCI device.');
    assert.equal(find('domain/devices/rng/constructor'), undefined);
  });

  test('a snapshot’s own words are not those of the domain in it', () => {
    const place = { kind: 'domainsnapshot', attribute: undefined } as const;
    assert.equal(findEntry(pages, { ...place, path: ['domainsnapshot', 'creation'] }), undefined);
    const inside = ['domainsnapshot', 'domain', 'devices', 'disk', 'source'];
    assert.equal(findEntry(pages, { ...place, path: inside })?.text, 'The image.');
  });
});
