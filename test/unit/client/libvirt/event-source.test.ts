import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EventSource, type EventWiring } from '../../../../src/client/libvirt/event-source.ts';
import { int, struct, type ValueOf } from '../../../../src/client/rpc/codec.ts';
import type { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import { ConnectionClosedError } from '../../../../src/client/rpc/error.ts';
import { remoteEvent } from '../../../../src/client/rpc/procedure.ts';

const message = remoteEvent(1, 'EVENT', struct({ callbackId: int, value: int }));
type Message = ValueOf<typeof message.body>;

/** A connection that only has events, and a daemon that only has registrations. */
class Fake {
  readonly calls: string[] = [];
  readonly handlers = new Set<(value: Message) => void>();
  readonly source: EventSource<Message>;
  refusal: Error | undefined;
  /** Sent together with the next reply to a registration, before it. */
  early: readonly Message[] = [];
  #lastId = 0;

  constructor() {
    const rpc: unknown = {
      onEvent: (_: unknown, handler: (value: Message) => void) => {
        this.handlers.add(handler);
        return () => this.handlers.delete(handler);
      },
    };
    const wiring: EventWiring<Message> = {
      message,
      register: async () => {
        this.calls.push('register');
        await Promise.resolve();
        if (this.refusal !== undefined) throw this.refusal;
        for (const event of this.early) this.send(event);
        this.#lastId += 1;
        return { callbackId: this.#lastId };
      },
      deregister: async (callbackId) => {
        this.calls.push(`deregister ${callbackId}`);
        await Promise.resolve();
        if (this.refusal !== undefined) throw this.refusal;
      },
    };
    this.source = new EventSource(rpc as RpcConnection, wiring);
  }

  send(event: Message): void {
    for (const handler of this.handlers) handler(event);
  }
}

suite('An event source', () => {
  test('registers for the first listener and deregisters after the last', async () => {
    const fake = new Fake();
    const heard: string[] = [];
    const [stopA, stopB] = await Promise.all([
      fake.source.subscribe(({ value }) => heard.push(`a${value}`)),
      fake.source.subscribe(({ value }) => heard.push(`b${value}`)),
    ]);
    fake.send({ callbackId: 1, value: 1 });
    await stopA();
    await stopA();
    fake.send({ callbackId: 1, value: 2 });
    await stopB();
    fake.send({ callbackId: 1, value: 3 });
    assert.deepEqual(heard, ['a1', 'b1', 'b2']);
    assert.deepEqual(fake.calls, ['register', 'deregister 1']);
    assert.equal(fake.handlers.size, 0);
  });

  test('hears what came before the reply, and only what is meant for it', async () => {
    const fake = new Fake();
    fake.early = [
      { callbackId: 1, value: 10 },
      { callbackId: 2, value: 20 },
    ];
    const heard: number[] = [];
    await fake.source.subscribe(({ value }) => heard.push(value));
    fake.send({ callbackId: 2, value: 21 });
    fake.send({ callbackId: 1, value: 11 });
    assert.deepEqual(heard, [10, 11]);
  });

  test('keeps the registration when one goes as another comes', async () => {
    const fake = new Fake();
    const stop = await fake.source.subscribe(() => undefined);
    await Promise.all([stop(), fake.source.subscribe(() => undefined)]);
    assert.deepEqual(fake.calls, ['register']);
  });

  test('forgets a listener whose registration was refused, and tries anew for the next', async () => {
    const fake = new Fake();
    fake.refusal = new Error('no');
    await assert.rejects(
      fake.source.subscribe(() => assert.fail('It was refused')),
      /no/,
    );
    assert.equal(fake.handlers.size, 0);
    fake.refusal = undefined;
    const heard: number[] = [];
    await fake.source.subscribe(({ value }) => heard.push(value));
    fake.send({ callbackId: 1, value: 1 });
    assert.deepEqual(heard, [1]);
  });

  test('ends without a fuss when its link has ended', async () => {
    const fake = new Fake();
    const stop = await fake.source.subscribe(() => undefined);
    fake.refusal = new ConnectionClosedError();
    await stop();
    assert.equal(fake.handlers.size, 0);
  });
});
