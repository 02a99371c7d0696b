import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { CertificateAuthority } from '../../../support/pki.ts';
import { refuses } from '../../support/attempt.ts';

const CONFIRMED = Buffer.of(1);
const nothing = () => undefined;

suite('Behind a TLS port', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-peers-'));
    const authority = await CertificateAuthority.create(folder);
    await authority.issue(folder, 'peer', { prefix: 'server', altNames: 'IP:127.0.0.1' });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  interface Peer extends AsyncDisposable {
    readonly uri: string;
    /** Resolves when the next client is there, after the handshake if there is one. */
    readonly client: Promise<Socket>;
  }

  async function listen(server: Server, event: 'connection' | 'secureConnection'): Promise<Peer> {
    const sockets: Socket[] = [];
    server.on('connection', (socket: Socket) => sockets.push(socket.on('error', () => undefined)));
    const client = once(server, event).then(([socket]) => socket as Socket);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      uri: `test+tls://127.0.0.1:${port}/default?pkipath=${folder}`,
      client,
      [Symbol.asyncDispose]: async () => {
        for (const socket of sockets) socket.destroy();
        server.close();
        await once(server, 'close');
      },
    };
  }

  function plain(behave: (socket: Socket) => void): Promise<Peer> {
    return listen(createServer(behave), 'connection');
  }

  async function tls(behave: (socket: TLSSocket) => void): Promise<Peer> {
    const cert = await readFile(join(folder, 'servercert.pem'));
    const key = await readFile(join(folder, 'serverkey.pem'));
    const server = createTlsServer({ cert, key }, (socket) => {
      socket.on('error', () => undefined);
      behave(socket);
    });
    return listen(server, 'secureConnection');
  }

  test('is something that speaks, but not TLS: protocol', async () => {
    await using http = await plain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await refuses(http.uri, { code: 'protocol', message: /does not speak TLS/, hint: /16514/ });
  });

  test('is something that hangs up at the sight of TLS: protocol', async () => {
    await using rude = await plain((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await refuses(rude.uri, { code: 'protocol', message: /does not speak TLS/ });
    await using polite = await plain((socket) => socket.once('data', () => socket.end()));
    await refuses(polite.uri, { code: 'protocol', message: /does not speak TLS/ });
  });

  test('is somebody who never says a word: timeout', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    await using silent = await plain(nothing);
    const refused = refuses(silent.uri, { code: 'timeout', message: /does not answer in TLS/ });
    await silent.client;
    // The connection is made here when it is there, or a moment later.
    await once(await silent.client, 'data');
    context.mock.timers.tick(15_000);
    await refused;
  });

  test('is a daemon that never says whether we may come in: timeout', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    await using undecided = await tls(nothing);
    const refused = refuses(undecided.uri, { code: 'timeout', message: /whether it accepts/ });
    await undecided.client;
    await new Promise(setImmediate);
    context.mock.timers.tick(15_000);
    await refused;
  });

  test('is a daemon that thinks about it until somebody gives up: cancelled at once', async () => {
    await using undecided = await tls(nothing);
    const abort = new AbortController();
    const reason = new Error('never mind');
    const attempt = assert.rejects(connect(undecided.uri, abort.signal), reason);
    const socket = await undecided.client;
    const gone = once(socket, 'close');
    abort.abort(reason);
    await attempt;
    await gone;
  });

  test('is a silent one, and somebody gives up: cancelled at once', async () => {
    await using silent = await plain(nothing);
    const abort = new AbortController();
    const reason = new Error('never mind');
    const attempt = assert.rejects(connect(silent.uri, abort.signal), reason);
    const gone = once(await silent.client, 'close');
    abort.abort(reason);
    await attempt;
    (await silent.client).resume();
    await gone;
    await assert.rejects(connect(silent.uri, AbortSignal.abort(reason)), reason);
  });

  test('is a server that says something else than a daemon does: protocol', async () => {
    await using other = await tls((socket) => socket.write('220 smtp.example ESMTP\r\n'));
    await refuses(other.uri, { code: 'protocol', message: /did not confirm/ });
    await using no = await tls((socket) => socket.write(Buffer.of(0)));
    await refuses(no.uri, { code: 'protocol', message: /did not confirm/ });
  });

  test('is a server that shows us the door: authentication', async () => {
    await using bouncer = await tls((socket) => socket.end());
    await refuses(bouncer.uri, { code: 'authentication', message: /wants a client certificate/ });
  });

  test('is a daemon that hangs up once we are in: lost', async () => {
    await using fickle = await tls((socket) => {
      socket.write(CONFIRMED);
      socket.once('data', () => socket.end());
    });
    await refuses(fickle.uri, { code: 'lost', message: /closed the connection/ });
  });

  test('is a server that speaks only what is no longer safe: protocol', async () => {
    const cert = await readFile(join(folder, 'servercert.pem'));
    const key = await readFile(join(folder, 'serverkey.pem'));
    const server = createTlsServer({ cert, key, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' });
    await using old = await listen(server, 'connection');
    await refuses(old.uri, { code: 'protocol', message: /handshake with 127.0.0.1:\d+ failed/ });
  });
});
