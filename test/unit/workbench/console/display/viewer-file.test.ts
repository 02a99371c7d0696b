import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { viewerFile } from '../../../../../src/workbench/console/display/viewer-file.ts';

suite('The display of a domain', () => {
  test('that is SPICE is described for remote-viewer, each value on a line of its own', () => {
    const way = { address: '0.0.0.0', port: 5901, tlsPort: undefined, socket: undefined, password: 'a\nb=c' };
    const file = viewerFile(way, 'web');
    assert.match(file, /^\[virt-viewer\]\ntype=spice\nhost=127\.0\.0\.1\nport=5901\npassword=a\\nb=c\n/u);
    assert.match(file, /delete-this-file=1\n$/u);
  });

  test('lets neither the host nor the name of a domain write another line', () => {
    const way = {
      address: '10.0.0.5',
      port: 5901,
      tlsPort: undefined,
      socket: undefined,
      password: undefined,
    };
    const file = viewerFile(way, 'web\u2028db\u0085ca=/etc/passwd\nca=x');
    assert.deepEqual(
      file.split(/[\n\u0085\u2028]/u).filter((line) => line.startsWith('ca=')),
      [],
    );
    assert.throws(() => viewerFile({ ...way, address: '10.0.0.5\0\u0085ca=x' }, 'web'), {
      name: 'LineError',
    });
  });
});
