import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  destroyGuest,
  destroyNetworks,
  down,
  findOwnGuests,
} from '../../../../../src/engines/environment/deploy/down.ts';
import { findDropped } from '../../../../../src/engines/environment/deploy/dropped.ts';
import type { Phase } from '../../../../../src/engines/environment/deploy/phase.ts';
import { planText } from '../../../../../src/engines/environment/deploy/plan.ts';
import { up } from '../../../../../src/engines/environment/deploy/up.ts';
import { EnvironmentBench } from '../support.ts';

suite('Guests that a kvm.yaml declares', () => {
  let bench: EnvironmentBench;
  let kernel: string;
  let before_: Record<string, string>;
  const findHost = async () => bench.host;

  before(async () => {
    bench = await EnvironmentBench.open();
    kernel = await bench.daemon.tinyOsElf();
    before_ = await bench.inventory();
  });
  after(async () => bench[Symbol.asyncDispose]());

  const yaml = (memory: string, more = '') => `name: t
guests:
  one:
    multiboot: ${kernel}
    memory: ${memory}
    disk: 16 MiB
    accel: tcg
    networks: [user]
    depends-on: [two]
${more}  two:
    multiboot: ${kernel}
    accel: tcg
    networks: []
`;

  test('Up makes and starts them, those first that others wait for', async () => {
    const results = await bench.up(yaml('32 MiB'));
    assert.deepEqual(results.map(({ guest, outcome }) => [guest, outcome]).toSorted(), [
      ['one', 'created'],
      ['two', 'created'],
    ]);
    const starts = bench.phases.filter(([, { kind }]) => kind === 'start').map(([guest]) => guest);
    assert.deepEqual(starts, ['two', 'one']);
    assert.equal(await bench.daemon.virsh('domstate', 't-one'), 'running');
    assert.match(await bench.daemon.virsh('vol-list', 'kvm-workbench'), /t-one-disk1\.qcow2/);
  });

  test('Up again changes nothing', async () => {
    const [id, xml] = [
      await bench.daemon.virsh('domid', 't-one'),
      await bench.daemon.virsh('dumpxml', 't-one'),
    ];
    const results = await bench.up(yaml('32 MiB'));
    assert.deepEqual([...new Set(results.map(({ outcome }) => outcome))], ['unchanged']);
    assert.equal(await bench.daemon.virsh('domid', 't-one'), id);
    assert.equal(await bench.daemon.virsh('dumpxml', 't-one'), xml);
  });

  test('a change is planned as a difference, made, and says that it needs a restart', async () => {
    const plan = await bench.plan(await bench.load(yaml('64 MiB')));
    assert.deepEqual(plan.guests.find(({ guest }) => guest.name === 'one')?.changes, [
      { key: 'memory', from: '32 MiB', to: '64 MiB', effect: 'restart' },
    ]);
    assert.match(planText(plan, 'now'), /t-one on lab: running\n[^]* {4}memory: 32 MiB\n/);
    assert.match(planText(plan, 'then'), / {4}memory: 64 MiB {4}# needs a restart\n/);
    const results = await bench.up(yaml('64 MiB'));
    assert.deepEqual(
      results.map(({ guest, outcome, restartPending }) => [guest, outcome, restartPending]),
      [
        ['two', 'unchanged', false],
        ['one', 'changed', true],
      ],
    );
    assert.match(await bench.daemon.virsh('dumpxml', '--inactive', 't-one'), /<memory unit='KiB'>65536</);
    const again = await bench.up(yaml('64 MiB'));
    assert.deepEqual(again.find(({ guest }) => guest === 'one')?.outcome, 'unchanged');
    assert.equal(again.find(({ guest }) => guest === 'one')?.restartPending, true, 'it is still told');
  });

  test('what another program changed is found and set right', async () => {
    await bench.daemon.virsh('setmaxmem', 't-two', '96M', '--config');
    const plan = await bench.plan(await bench.load(yaml('64 MiB')));
    assert.deepEqual(plan.guests.find(({ guest }) => guest.name === 'two')?.changes, [
      { key: 'memory', from: '96 MiB (changed by another program)', to: '64 MiB', effect: 'restart' },
    ]);
    await bench.up(yaml('64 MiB'));
    assert.match(await bench.daemon.virsh('dumpxml', '--inactive', 't-two'), /<memory unit='KiB'>65536</);
  });

  test('ended in the middle, Up is finished by another Up, or by Destroy', async () => {
    const more = `  three:\n    multiboot: ${kernel}\n    disk: [16 MiB, 16 MiB]\n    accel: tcg\n    networks: []\n`;
    const endedAt = async (kind: Phase['kind']) => {
      const abort = new AbortController();
      const environment = await bench.load(yaml('64 MiB', more));
      const services = {
        ...bench.services,
        report: (guest: string, phase: Phase) => {
          if (guest === 'three' && phase.kind === kind) abort.abort();
        },
      };
      const options = { signal: abort.signal, bootTimeoutMs: 1000 };
      await assert.rejects(up(environment, await bench.plan(environment), services, options), {
        name: 'AbortError',
      });
      return environment.guests.filter(({ name }) => name === 'three');
    };
    for (const kind of ['define', 'volume', 'start'] as const) {
      const guests = await endedAt(kind);
      for (const own of await findOwnGuests(guests, bench.services.id, findHost))
        await destroyGuest(own, bench.services);
      assert.doesNotMatch(await bench.daemon.virsh('list', '--all', '--name'), /t-three/, 'or destroyed');
      assert.doesNotMatch(await bench.daemon.virsh('vol-list', 'kvm-workbench'), /t-three/);
    }
    for (const kind of ['define', 'volume', 'start'] as const) await endedAt(kind);
    const three = (await bench.up(yaml('64 MiB', more))).find(({ guest }) => guest === 'three');
    assert.notEqual(three?.outcome, 'unchanged');
    assert.equal(await bench.daemon.virsh('domstate', 't-three'), 'running');
    assert.match(await bench.daemon.virsh('vol-list', 'kvm-workbench'), /t-three-disk2/);
  });

  test('Down stops a guest, and Up starts it again', async () => {
    const environment = await bench.load(yaml('64 MiB'));
    const [one] = await findOwnGuests(environment.guests, bench.services.id, findHost);
    assert.equal(one?.guest.name, 'one');
    const options = { signal: AbortSignal.timeout(20_000), patienceMs: 1000 };
    if (one !== undefined) assert.equal(await down(one, bench.services, options), true);
    assert.equal(await bench.daemon.virsh('domstate', 't-one'), 'shut off');
    const results = await bench.up(yaml('64 MiB'));
    assert.equal(results.find(({ guest }) => guest === 'one')?.outcome, 'started');
  });

  test('what the file declares no more is found by its record, and left', async () => {
    const environment = await bench.load(yaml('64 MiB'));
    await bench.daemon.defineTinyOs('t-other');
    const find = async () =>
      findDropped(environment, bench.services.id, [bench.host], async () => bench.host.name);
    const [three, ...others] = await find();
    assert.deepEqual([three?.guest, three?.found.running], [{ name: 'three', domain: 't-three' }, true]);
    assert.deepEqual(others, [], 'what nobody declared is not ours');
    await bench.up(yaml('64 MiB'));
    assert.equal(await bench.daemon.virsh('domstate', 't-three'), 'running');
    if (three !== undefined) await destroyGuest(three, bench.services);
    assert.deepEqual(await find(), []);
    assert.doesNotMatch(await bench.daemon.virsh('vol-list', 'kvm-workbench'), /t-three/);
  });

  test('Destroy removes what Up made, and nothing else', async () => {
    const more = `  other:\n    multiboot: ${kernel}\n`;
    const environment = await bench.load(yaml('64 MiB', more));
    const own = await findOwnGuests(environment.guests, bench.services.id, findHost);
    assert.deepEqual(own.map(({ guest }) => guest.name).toSorted(), ['one', 'two']);
    for (const each of own) await destroyGuest(each, bench.services);
    await destroyNetworks(bench.services.id, bench.host);
    assert.equal(await bench.daemon.virsh('domstate', 't-other'), 'shut off');
    await bench.daemon.virsh('undefine', 't-other');
    assert.deepEqual(await bench.inventory(), before_);
  });
});
