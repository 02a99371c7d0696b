import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { config } from '@vscode/l10n';
import { checkDomain } from '../../src/language/checks/check-domain.ts';
import { parseDocument } from '../../src/language/xml/parse.ts';
import { parseUri } from '../../src/client/transport/uri.ts';
import { reasonText } from '../../src/client/libvirt/domain/state.ts';

/** What a language pack brings. */
const GERMAN = {
  'The attribute “{0}” has no value.': 'Das Attribut „{0}“ hat keinen Wert.',
  'Two disks are called “{0}”; libvirt refuses that.': 'Zwei Platten heißen „{0}“; libvirt lehnt das ab.',
  'libvirt has no driver “{0}”': 'libvirt hat keinen Treiber „{0}“',
  'forced off': 'hart ausgeschaltet',
};

suite('With a translation', () => {
  before(() => config({ contents: GERMAN }));
  after(() => config({ contents: {} }));

  test('the XML language speaks it', () => {
    const [problem] = parseDocument('<domain type/>').problems;
    assert.equal(problem?.message, 'Das Attribut „type“ hat keinen Wert.');
    const disk = "<disk><target dev='vda'/></disk>";
    const [finding] = checkDomain(parseDocument(`<domain><devices>${disk}${disk}</devices></domain>`));
    assert.equal(finding?.message, 'Zwei Platten heißen „vda“; libvirt lehnt das ab.');
  });

  test('the client speaks it', () => {
    assert.throws(() => parseUri('quemu:///system'), { message: 'libvirt hat keinen Treiber „quemu“' });
    assert.equal(reasonText('forced-off'), 'hart ausgeschaltet');
  });

  test('what it lacks stays English', () => {
    assert.throws(() => parseUri(''), { message: 'The URI is empty' });
  });
});
