import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import { DomainTarget } from '../../../../src/model/inventory/domain-target.ts';
import type { Connector } from '../../../../src/model/inventory/host.ts';
import { SerialSession } from '../../../../src/workbench/console/serial/session.ts';
import { eventually } from '../../../support/eventually.ts';
import { Transcript } from '../../../support/transcript.ts';
import { EnvironmentBench } from '../../engines/environment/support.ts';

/** The way to a host may be slow, and no guest waits for that by itself. */
const SLOW_MS = 1_500;

const slowly: Connector = async (uri, signal) => {
  await sleep(SLOW_MS, undefined, { signal });
  return connect(uri, signal);
};

suite('A console that waits for a guest of a kvm.yaml', () => {
  let bench: EnvironmentBench;

  before(async () => {
    bench = await EnvironmentBench.open();
  });
  after(async () => bench?.[Symbol.asyncDispose]());

  test('has its very first bytes when Up starts it', async () => {
    const kernel = await bench.daemon.tinyOsElf();
    const yaml = `name: t\nguests:\n  one: { multiboot: ${kernel}, accel: tcg, networks: [] }\n`;
    await bench.up(yaml);
    await bench.daemon.virsh('destroy', 't-one');
    const { host } = bench.host;
    await host.connect();
    const target = new DomainTarget(host, await bench.daemon.virsh('domuuid', 't-one'));
    await eventually('it is off', async () => target.record?.state === 'shut-off' || undefined);

    const screen = new PassThrough();
    const transcript = new Transcript(screen);
    const said: string[] = [];
    const session = new SerialSession(
      { target, port: { kind: 'serial', index: 0 }, connector: slowly },
      {
        output: (bytes) => void screen.write(bytes),
        notice: ({ kind }) => void said.push(kind),
        mayTakeOver: async () => false,
      },
    );
    try {
      await session.start();
      assert.deepEqual(said, ['waiting']);
      const [one] = await bench.up(yaml);
      assert.equal(one?.outcome, 'started');
      await transcript.expect(/tick \d+/u);
      assert.match(transcript.text, /^[^]*tiny-os is up[^]*tick 1\b/u);
    } finally {
      session.dispose();
    }
  });
});
