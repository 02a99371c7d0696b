import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseUserNetwork } from '../../../../../src/engines/environment/deploy/user-ports.ts';

suite('What QEMU says of its user network', () => {
  test('QEMU’s list of forwarded ports, of one network only', () => {
    const text =
      'Hub -1 (hostnet0):\r\n  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\r\n' +
      '  TCP[HOST_FORWARD]  14       127.0.0.1 18081       10.0.2.15    80     0     0\r\n' +
      '  UDP[HOST_FORWARD]  13       0.0.0.0 5353       10.0.2.15    53     0     0\r\n' +
      '  TCP[ESTABLISHED]  15       127.0.0.1 18081       10.0.2.15    80     0     0\r\n' +
      'Hub -1 (hostnet1):\r\n  TCP[HOST_FORWARD]  16       127.0.0.1 1       10.0.2.15    2     0     0\r\n';
    assert.deepEqual(parseUserNetwork(text, 'hostnet0'), [
      { protocol: 'tcp', address: '127.0.0.1', host: 18_081, guest: 80 },
      { protocol: 'udp', address: '0.0.0.0', host: 5353, guest: 53 },
    ]);
    assert.deepEqual(parseUserNetwork(text, 'hostnet2'), []);
  });

  test('an address that is none is left out, and a star is every address', () => {
    const line = (at: string) =>
      `  TCP[HOST_FORWARD]  14       ${at} 18081       10.0.2.15    80     0     0\n`;
    const text = `Hub -1 (hostnet0):\n${line('%h')}${line('*')}`;
    assert.deepEqual(
      parseUserNetwork(text, 'hostnet0').map(({ address }) => address),
      ['0.0.0.0'],
    );
  });
});
