import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../../src/client/libvirt/connect.ts';
import { ConnectionClosedError, ProtocolError } from '../../../src/client/rpc/error.ts';
import { FrameParser } from '../../../src/client/rpc/frame.ts';
import { TransportError } from '../../../src/client/transport/error.ts';
import type { Random } from '../fuzz/random.ts';
import { cutAfter, FaultProxy, type Relay, stallAfter } from '../support/fault-proxy.ts';
import { assertSameAsVirsh, hastyHost, untilHost, usualHost, within } from '../support/hosts.ts';
import { leave } from './daemon.ts';
import type { Scenario } from './scenario.ts';

/** More than a host takes to be read: a link breaks while it is opened, while it is read, or later. */
const EARLY_BYTES = 6000;

function isLost(error: unknown): boolean {
  return (
    error instanceof ConnectionClosedError ||
    (error instanceof TransportError && ['lost', 'timeout'].includes(error.code))
  );
}

/** Breaks a host's link while it is used, then lets it through again and compares. */
function brokenBy(fault: (bytes: number, random: Random) => FaultProxy['fault']): Scenario {
  return async ({ daemon, random }) => {
    await using proxy = await FaultProxy.start(daemon.socket);
    const host = hastyHost(proxy.through(daemon.uri));
    proxy.fault = fault(random.below(EARLY_BYTES), random);
    try {
      const use = async () => {
        const connection = await host.connect();
        for (;;) await Promise.all([connection.capabilities(), connection.domains.list()]);
      };
      await assert.rejects(within(use(), 'a call over a broken link'), isLost);
      proxy.fault = {};
      await within(host.connect(), 'coming back');
      await assertSameAsVirsh(host, daemon);
    } finally {
      await leave(host);
    }
  };
}

/** In the middle of a frame, of either direction. */
export const cutMidFrame = brokenBy((bytes, random) =>
  random.chance(0.7) ? { toClient: cutAfter(bytes) } : { toDaemon: cutAfter(Math.floor(bytes / 10)) },
);

/** Open, and silent for ever. */
export const stalled = brokenBy((bytes) => ({ toClient: stallAfter(bytes) }));

/** A slow network in small pieces: everything is right, only later. */
export const delayed: Scenario = async ({ daemon, random }) => {
  await using proxy = await FaultProxy.start(daemon.socket);
  const late = (): Relay => {
    let last = Promise.resolve();
    return (bytes, to) => {
      const half = random.below(bytes.length);
      const after = async (ms: number, piece: Buffer) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        setTimeout(resolve, ms);
        await promise;
        to.write(piece);
      };
      last = last
        .then(() => after(1 + random.below(4), bytes.subarray(0, half)))
        .then(() => after(1 + random.below(4), bytes.subarray(half)));
    };
  };
  proxy.fault = { toClient: late, toDaemon: late };
  const host = usualHost(proxy.through(daemon.uri));
  try {
    const connection = await within(host.connect(), 'a slow connection');
    const answers = Array.from({ length: 20 }, () => connection.hostname());
    assert.equal(new Set(await within(Promise.all(answers), 'slow answers')).size, 1);
    await assertSameAsVirsh(host, daemon);
  } finally {
    await leave(host);
  }
};

/** Random bytes for as long as they are taken: the link is given up at the first that make no sense. */
export const garbage: Scenario = async ({ daemon, random }) => {
  await using proxy = await FaultProxy.start(daemon.socket);
  const host = usualHost(proxy.through(daemon.uri));
  try {
    const connection = await host.connect();
    const [link] = proxy.links;
    assert.ok(link);
    const speaking = setInterval(() => link.client.write(random.bytes(4096)), 1);
    try {
      const reason = await within(connection.closed, 'garbage');
      assert.ok(reason instanceof ProtocolError || reason instanceof TransportError, String(reason));
    } finally {
      clearInterval(speaking);
    }
    await assert.rejects(connection.hostname(), ConnectionClosedError);
    await within(host.connect(), 'coming back');
    await assertSameAsVirsh(host, daemon);
  } finally {
    await leave(host);
  }
};

/** Somebody who takes the call and never says a word. */
export const neverAnswers: Scenario = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-mute-'));
  const callers = new Set<Socket>();
  const server = createServer((socket) => {
    callers.add(socket);
    socket.on('error', () => undefined).resume();
  });
  try {
    server.listen(join(folder, 'sock'));
    await once(server, 'listening');
    const uri = `qemu+unix:///system?socket=${join(folder, 'sock')}`;
    const attempt = connect(uri, AbortSignal.timeout(5000), {
      patience: { answerMs: 100, keepaliveMs: 1000 },
    });
    await assert.rejects(within(attempt, 'a peer that never answers'), {
      name: 'TransportError',
      code: 'timeout',
      message: 'The daemon did not answer within 0.1 s',
      hint: /stuck/,
    });
    const cancelled = AbortSignal.timeout(50);
    await assert.rejects(within(connect(uri, cancelled), 'an attempt that was cancelled'), {
      name: 'TimeoutError',
    });
  } finally {
    for (const socket of callers) socket.destroy();
    server.close();
    await once(server, 'close');
    await rm(folder, { recursive: true });
  }
};

/** Events overtake replies and replies one another, in every order that the wire allows. */
export const anyOrder: Scenario = async ({ daemon, random }) => {
  await using proxy = await FaultProxy.start(daemon.socket);
  proxy.fault = { toClient: () => shuffle(random) };
  const host = usualHost(proxy.through(daemon.testUri));
  const direct = await connect(daemon.testUri, AbortSignal.timeout(5000));
  try {
    await within(host.connect(), 'connecting out of order');
    const test = await direct.domains.lookupByName('test');
    for (let turn = 0; turn < 20; turn++) {
      const name = `order-${random.below(4)}`;
      const change = random.pick([
        () => direct.domains.suspend(test),
        () => direct.domains.resume(test),
        () => direct.domains.defineXml(testGuest(name)),
        async () => direct.domains.undefine(await direct.domains.lookupByName(name)),
        async () => direct.domains.start(await direct.domains.lookupByName(name)),
        async () => direct.domains.destroy(await direct.domains.lookupByName(name)),
      ]);
      // Most make sense, some do not: a guest that is not there, one that runs already.
      await change().catch(() => undefined);
    }
    await assertSameAsVirsh(host, daemon, daemon.testUri);
  } finally {
    await leave(host);
    await direct.disconnect();
  }
};

function testGuest(name: string): string {
  return `<domain type="test"><name>${name}</name><memory>1024</memory><os><type>hvm</type></os></domain>`;
}

/** Holds each frame back for a moment of its own. */
function shuffle(random: Random): Relay {
  const parser = new FrameParser();
  return (bytes, to) =>
    parser.push(bytes, ({ body }) => {
      // A frame is its body and what is before it in the same memory.
      const frame = Buffer.from(body.buffer, body.byteOffset - HEADER_BYTES, body.length + HEADER_BYTES);
      setTimeout(() => to.write(frame), random.below(6));
    });
}

const HEADER_BYTES = 28;

/** The socket goes away again and again while a host is being read; in the end it is read. */
export const flapping: Scenario = async ({ daemon, random }) => {
  await using proxy = await FaultProxy.start(daemon.socket);
  const host = usualHost(proxy.through(daemon.uri));
  try {
    await host.connect();
    for (let turn = 0; turn < 10; turn++) {
      proxy.cutAll();
      await untilHost(host, () => host.status.kind !== 'connected', 'noticing a cut');
      const attempt = host.connect().catch(() => undefined);
      if (random.chance(0.5)) setImmediate(() => proxy.cutAll());
      if (random.chance(0.3)) host.disconnect();
      await within(attempt, 'an attempt that is cut');
      await within(host.connect(), 'another attempt').catch(() => undefined);
      await within(host.connect(), 'a last attempt');
    }
    await assertSameAsVirsh(host, daemon);
  } finally {
    await leave(host);
  }
};
