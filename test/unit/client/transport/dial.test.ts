import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { suite, test } from 'node:test';
import { dialNetwork } from '../../../../src/client/transport/dial.ts';

suite('What a host on the network says where something listens', () => {
  test('leads to no machine but the host’s, however the address is written', () => {
    const addresses = [
      'localhost 127.0.0.1 127.1.2.3 0.1.2.3 169.254.169.254',
      '::1 0:0::1 0000:0000:0000:0000:0000:0000:0000:0001 ::1%lo ::127.0.0.1 fe80::1%eth0',
      '::ffff:127.0.0.1 ::FFFF:7f00:1 0:0:0:0:0:ffff:127.0.0.1 ::ffff:169.254.1.1',
    ].flatMap((line) => line.split(' '));
    for (const address of [undefined, ...addresses])
      assert.throws(
        () =>
          dialNetwork('host.example', { port: 5900, ...(address && { address }) }, AbortSignal.timeout(1000)),
        { code: 'unsupported' },
        address,
      );
    assert.throws(() => dialNetwork('host.example', { path: '/run/x' }, AbortSignal.timeout(1000)), {
      code: 'unsupported',
    });
  });

  test('is the host itself where it listens everywhere', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      for (const address of ['0.0.0.0', '::', '0:0::0', '::ffff:0.0.0.0']) {
        const { input } = await dialNetwork('127.0.0.1', { port, address }, AbortSignal.timeout(5000));
        assert.equal(String((await once(input, 'data'))[0]), 'hello', address);
      }
    } finally {
      server.close();
    }
  });
});
