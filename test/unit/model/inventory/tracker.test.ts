import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { CallTimeoutError } from '../../../../src/client/rpc/error.ts';
import type { Kind, Place, Touch } from '../../../../src/model/inventory/kinds/kind.ts';
import { networkKind } from '../../../../src/model/inventory/kinds/network.ts';
import { Tracker } from '../../../../src/model/inventory/tracker.ts';

interface Thing {
  readonly name: string;
  readonly version: number;
  readonly size?: number;
}

/** A host that has things, of which each answer is given when the test lets it. */
class Things {
  readonly versions = new Map<string, number>([['a', 1]]);
  readonly failures: unknown[] = [];
  /** What is asked of them, in order. */
  readonly asked: string[] = [];
  touch: Touch = () => undefined;
  answer: (question: string) => Promise<void> = async () => undefined;
  readonly tracker: Tracker<Thing>;

  constructor() {
    const kind: Kind<Thing> = {
      ...(networkKind as unknown as Kind<Thing>),
      follow: (_, touch) => {
        this.touch = touch;
        return [];
      },
      readAll: async (_, take) => {
        await this.#ask('all');
        for (const [key, version] of this.versions) take(key, { name: key, version });
      },
      readOne: async (_, key) => {
        await this.#ask(key);
        return { name: key, version: this.versions.get(key) ?? 0 };
      },
      next: (_, now) => now,
      isComplete: ({ size }) => size !== undefined,
      complete: async (_, key, record) => {
        await this.#ask(`size of ${key}`);
        return { ...record, size: 1 };
      },
    };
    const place = { parent: undefined } as unknown as Place;
    this.tracker = new Tracker(kind, place, new Map(), {
      changed: () => undefined,
      failed: (error) => this.failures.push(error),
    });
  }

  async #ask(question: string): Promise<void> {
    this.asked.push(question);
    await this.answer(question);
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

suite('A tracker', () => {
  test('reads what was not answered in time with all else, so that nothing stays as it was', async () => {
    const things = new Things();
    await things.tracker.start();
    things.answer = async (question) => {
      if (question === 'a') throw new CallTimeoutError('LOOKUP', 1);
    };
    things.versions.set('a', 2);
    things.touch('a');
    await settled();
    assert.deepEqual(things.asked, ['all', 'a', 'all']);
    assert.equal(things.tracker.records.get('a')?.version, 2);
    assert.equal(things.failures.length, 1);
  });

  test('goes on with the next event when not even that was answered', async () => {
    const things = new Things();
    await things.tracker.start();
    things.answer = async () => Promise.reject(new CallTimeoutError('LIST', 1));
    things.touch('a');
    await settled();
    const { length } = things.asked;
    await settled();
    assert.equal(things.asked.length, length);
    things.answer = async () => undefined;
    things.versions.set('a', 3);
    things.touch('a');
    await settled();
    assert.equal(things.tracker.records.get('a')?.version, 3);
  });

  test('reads for whoever asks in the moment in which it is done', async () => {
    const things = new Things();
    await things.tracker.start();
    const first = things.tracker.refresh('a');
    const second = first.then(() => {
      things.versions.set('a', 4);
      return things.tracker.refresh('a');
    });
    await second;
    assert.equal(things.tracker.records.get('a')?.version, 4);
  });

  test('lets no more wait to be filled in than there are, however often they change', async () => {
    const things = new Things();
    await things.tracker.start();
    const silent = Promise.withResolvers<void>();
    things.answer = async (question) => {
      if (question.startsWith('size')) await silent.promise;
    };
    things.tracker.complete();
    for (let round = 0; round < 100; round += 1) {
      things.versions.set('a', round);
      await things.tracker.refresh('a');
    }
    silent.resolve();
    await things.tracker.completed();
    const sizes = things.asked.filter((question) => question === 'size of a');
    assert.ok(sizes.length <= 3, `${sizes.length}`);
    assert.equal(things.tracker.records.get('a')?.size, 1);
  });
});
