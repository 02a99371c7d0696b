import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, suite, test } from 'node:test';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { freePort } from '../../../support/free-port.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { refuses, using } from '../../support/attempt.ts';
import { tunnel } from '../../support/tunnel.ts';

suite('Plain TCP', () => {
  let daemon: PrivateDaemon;
  let port: number;

  before(async () => {
    port = await freePort();
    daemon = await startPrivateDaemon({
      listen: true,
      settings: {
        listen_tls: 0,
        listen_tcp: 1,
        listen_addr: '127.0.0.1',
        tcp_port: String(port),
        auth_tcp: 'none',
      },
    });
  });
  after(() => daemon.dispose());

  function uriOf(host: string, at = port): string {
    return `test+tcp://${host}:${at}/default`;
  }

  test('reaches a daemon, without a warning on this machine', () =>
    using(uriOf('127.0.0.1'), async (connection) => {
      assert.equal(await connection.type(), 'TEST');
      assert.deepEqual(connection.warnings, []);
    }));

  test('goes over IPv6', async () => {
    await using far = await tunnel('::1', port);
    await using(uriOf('[::1]', far.port), async (connection) =>
      assert.equal(await connection.type(), 'TEST'),
    );
  });

  test('to another machine warns that everybody can listen', async () => {
    await using far = await tunnel('0.0.0.0', port);
    // An address of this machine that does not look like one.
    await using(uriOf('0.0.0.0', far.port), async ({ warnings }) =>
      assert.match(warnings.join(), /0\.0\.0\.0 is not encrypted/),
    );
  });

  test('to a port where nobody listens: refused', async () =>
    refuses(uriOf('127.0.0.1', await freePort()), {
      code: 'refused',
      message: /^127.0.0.1:\d+ refused/,
      hint: /libvirtd-tcp\.socket/,
    }));

  test('to a host that does not exist: unknown host', () =>
    refuses(uriOf('no-such-host.invalid'), { code: 'unknown-host', message: /no-such-host\.invalid/ }));

  test('to somebody who hangs up: lost', async () => {
    const server = createServer((socket: Socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port: rude } = server.address() as AddressInfo;
      await refuses(uriOf('127.0.0.1', rude), { code: 'lost', message: /closed the connection/ });
    } finally {
      server.close();
    }
  });

  test('can be cancelled beforehand', async () => {
    const reason = new Error('never mind');
    await assert.rejects(connect(uriOf('127.0.0.1'), AbortSignal.abort(reason)), reason);
  });
});
