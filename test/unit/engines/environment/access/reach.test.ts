import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { suite, test } from 'node:test';
import { openPorts, type RunningGuest } from '../../../../../src/engines/environment/access/reach.ts';
import { Forwards } from '../../../../../src/engines/environment/deploy/forwards.ts';
import { freePort } from '../../../../support/free-port.ts';

suite('The ports of a guest on another machine', () => {
  test('are open but for one that somebody else has, which is named', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = (other.address() as AddressInfo).port;
    const free = await freePort();
    const forwards = new Forwards();
    try {
      const ports = [taken, free].map((host) => ({ protocol: 'tcp', address: '127.0.0.1', host, guest: 80 }));
      const running = {
        guest: { ports, networks: [{ to: { kind: 'network', name: 'default' } }] },
        host: { isLocal: false, connection: {} },
        ref: { uuid: 'a-guest' },
        forwards,
      } as unknown as RunningGuest;
      await assert.rejects(
        openPorts(running),
        new RegExp(`Port ${taken} of 127\\.0\\.0\\.1 is used by another`),
      );
      const socket = connect(free, '127.0.0.1');
      await once(socket, 'connect');
      socket.destroy();
      other.close();
      await once(other, 'close');
      await openPorts(running);
      assert.equal(forwards.port(`a-guest port:${taken}`), taken, 'it is opened once it is free');
    } finally {
      other.close();
      forwards.closeAll();
    }
  });
});
