import assert from 'node:assert/strict';
import { connect as dial, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { OpenConsole } from '../../../../src/client/libvirt/domain/streams.ts';
import { DomainTarget } from '../../../../src/model/inventory/domain-target.ts';
import { Host } from '../../../../src/model/inventory/host.ts';
import { type Notice, SerialSession } from '../../../../src/workbench/console/serial/session.ts';
import { eventually } from '../../../support/eventually.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';

/** A socket before the daemon's, whose answers can be held back. */
class SlowNews implements AsyncDisposable {
  readonly path: string;
  readonly #daemon: string;
  readonly #server = createServer((client) => this.#join(client));
  readonly #sockets = new Set<Socket>();

  constructor(daemon: PrivateDaemon) {
    this.path = join(daemon.folder, 'slow-news');
    this.#daemon = daemon.socket;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.path, resolve));
  }

  hold(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const upstream = dial(this.#daemon);
    this.#sockets.add(upstream);
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    upstream.on('data', (bytes) => client.write(bytes));
    client.on('data', (bytes) => upstream.write(bytes));
  }
}

/** As long as it took to be mistaken for another client, and longer. */
const LATE_MS = 3_000;

suite('A console whose host tells late what became of a guest', () => {
  let daemon: PrivateDaemon;
  let news: SlowNews;
  let host: Host;
  let session: SerialSession;
  const notices: Notice[] = [];
  const said = () => notices.map(({ kind }) => kind);

  before(async () => {
    daemon = await startPrivateDaemon();
    await daemon.defineTinyOs('late');
    await daemon.virsh('start', 'late');
    news = new SlowNews(daemon);
    await news.listen();
    const uri = daemon.uri.replace(daemon.socket, news.path);
    host = new Host({ name: 'slow', uri, origin: 'configured' }, (at, signal) => connect(at, signal));
    await host.connect();
    const target = new DomainTarget(host, await daemon.virsh('domuuid', 'late'));
    session = new SerialSession(
      { target, port: { kind: 'serial', index: 0 }, connector: (_, signal) => connect(daemon.uri, signal) },
      {
        output: () => undefined,
        notice: (notice) => void notices.push(notice),
        mayTakeOver: async () => assert.fail('it asks whether to take over'),
      },
    );
    await session.start();
    assert.deepEqual(said(), ['attached']);
  });
  after(async () => {
    session?.dispose();
    host?.disconnect();
    await news?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });

  test('says nothing of another client when the guest is forced off', async () => {
    news.hold();
    await daemon.virsh('destroy', 'late');
    await sleep(LATE_MS);
    assert.deepEqual(said(), ['attached']);
    news.release();
    await eventually('it waits', async () => said().length > 1 || undefined);
    assert.deepEqual(notices.at(-1), { kind: 'waiting', ran: true, reason: 'forced-off' });
  });

  test('still says so when there is another client', async () => {
    await daemon.virsh('start', 'late');
    await eventually('it is attached again', async () => session.attached || undefined);
    const rival = await connect(daemon.uri, AbortSignal.timeout(20_000));
    try {
      const ref = await rival.domains.lookupByUuid(session.target.uuid);
      const theirs = await rival.domainStreams.openConsole(ref, undefined, OpenConsole.FORCE);
      theirs.on('error', () => undefined).resume();
      await eventually('it is told', async () => said().at(-1) === 'taken-over' || undefined);
    } finally {
      rival.close();
    }
  });
});
