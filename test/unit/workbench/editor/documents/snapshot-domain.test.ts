import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snapshotDomain } from '../../../../../src/workbench/editor/documents/snapshot-domain.ts';

function snapshot(inside: string): string {
  return `<domainsnapshot>\n  <name>s</name>\n${inside}</domainsnapshot>\n`;
}

test('a snapshot’s domain reads as if libvirt had written it alone, the inactive one before the live one', () => {
  const live = '  <domain id="3">\n    <name>live</name>\n  </domain>\n';
  const inactive = '  <inactiveDomain type="kvm">\n    <name>web</name>\n  </inactiveDomain>\n';
  assert.equal(snapshotDomain(snapshot(live)), '<domain id="3">\n  <name>live</name>\n</domain>\n');
  assert.equal(
    snapshotDomain(snapshot(live + inactive)),
    '<domain type="kvm">\n  <name>web</name>\n</domain>\n',
  );
  assert.throws(() => snapshotDomain(snapshot('')), /keeps no definition/u);
});
