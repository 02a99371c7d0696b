import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withVnc } from '../../../../../src/model/operations/domain/vnc-xml.ts';

suite('The display of a domain', () => {
  const SOCKET = { kind: 'socket' } as const;

  test('is added with a graphics card, and for its host only', () => {
    const xml = withVnc(
      '<domain>\n  <devices>\n    <emulator>/q</emulator>\n  </devices>\n</domain>',
      SOCKET,
    );
    assert.match(xml, /<graphics type='vnc' autoport='yes' listen='127\.0\.0\.1'\/>/u);
    assert.match(xml, /<video>\s*<model type='vga'\/>\s*<\/video>/u);
    const withCard = '<domain><devices><video><model type="qxl"/></video></devices></domain>';
    assert.doesNotMatch(withVnc(withCard, SOCKET), /vga/u);
  });

  test('that listens nowhere gets a socket, or a port that asks for a password', () => {
    for (const vnc of ["<graphics type='vnc'><listen type='none'/></graphics>", "<graphics type='vnc'/>"]) {
      const xml = `<domain><devices>${vnc}</devices></domain>`;
      assert.match(withVnc(xml, SOCKET), /'vnc'><listen type='socket'\/><\/graphics>/u);
    }
    const port = { kind: 'port', password: 'a&b' } as const;
    const listens = (vnc: string) =>
      /<graphics.*>/u.exec(withVnc(`<domain><devices>${vnc}</devices></domain>`, port))?.[0];
    assert.equal(
      listens("<graphics type='vnc'><listen type='none'/></graphics>"),
      "<graphics type='vnc' autoport='yes' passwd='a&amp;b'><listen type='address' address='127.0.0.1'/></graphics></devices></domain>",
    );
    assert.equal(
      listens("<graphics type='vnc'/>"),
      "<graphics type='vnc' autoport='yes' listen='127.0.0.1' passwd='a&amp;b'/></devices></domain>",
    );
  });
});
