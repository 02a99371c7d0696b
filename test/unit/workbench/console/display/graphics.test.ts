import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { graphicsOf } from '../../../../../src/workbench/console/display/graphics.ts';

suite('The display of a domain', () => {
  const of = (graphics: string) => graphicsOf(`<domain><devices>${graphics}</devices></domain>`);

  test('is its VNC, at a port, at a socket or nowhere', () => {
    assert.deepEqual(
      of("<graphics type='spice' port='5901'/><graphics type='vnc' port='5900' passwd='x'/>"),
      {
        kind: 'vnc',
        to: { port: 5900, address: '127.0.0.1' },
        password: 'x',
      },
    );
    assert.deepEqual(of("<graphics type='vnc'><listen type='socket' socket='/run/vnc'/></graphics>"), {
      kind: 'vnc',
      to: { path: '/run/vnc' },
      password: undefined,
    });
    assert.deepEqual(of("<graphics type='vnc'><listen type='none'/></graphics>"), { kind: 'vnc-closed' });
    assert.deepEqual(of("<graphics type='vnc' port='-1' autoport='yes'/>"), { kind: 'vnc-closed' });
  });

  test('is SPICE only where there is no VNC, or none', () => {
    const spice = of("<graphics type='spice' port='5901' listen='::1'/>");
    assert.equal(spice.kind, 'spice');
    assert.deepEqual(of(''), { kind: 'none' });
  });
});
