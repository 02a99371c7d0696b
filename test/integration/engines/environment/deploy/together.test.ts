import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  destroyGuest,
  destroyNetworks,
  findOwnGuests,
} from '../../../../../src/engines/environment/deploy/down.ts';
import { KvmYaml } from '../../../../support/kvm-yaml.ts';
import { asOwner, EnvironmentBench } from '../support.ts';

/** Large enough for an upload to be under way when the next guest looks. */
const IMAGE_BYTES = 96 * 1024 * 1024;

suite('Guests that come up at the same time', () => {
  let bench: EnvironmentBench;

  before(async () => {
    bench = await EnvironmentBench.open({ privateNetwork: true });
    // The folder is this user's only, so that the host gets a copy of the image.
    await writeFile(join(bench.folder, 'base.raw'), randomBytes(IMAGE_BYTES));
  });
  after(async () => bench[Symbol.asyncDispose]());

  test(
    'share one copy of their image, and the pool stays while one of them needs no volume',
    { skip: asOwner },
    async () => {
      const kernel = await bench.daemon.tinyOsElf();
      const ofImage = `{ image: base.raw, memory: 32 MiB, accel: tcg, networks: [] }`;
      const text = `name: t
guests:
  bare: { multiboot: ${kernel}, accel: tcg, networks: [] }
  disk: { multiboot: ${kernel}, disk: 16 MiB, accel: tcg, networks: [] }
  disks: { multiboot: ${kernel}, disk: [16 MiB, 8 MiB], accel: tcg, networks: [] }
  one: ${ofImage}
  two: ${ofImage}
  three: ${ofImage}
`;
      const results = await bench.up(text);
      assert.deepEqual(new Set(results.map(({ outcome }) => outcome)), new Set(['created']));
      const volumes = (await bench.daemon.virsh('vol-list', 'kvm-workbench')).match(/kvm-base-\S+/g) ?? [];
      assert.equal(new Set(volumes.map((each) => each.split('/').at(-1))).size, 1);
      const [base = ''] = volumes;
      const info = await bench.daemon.virsh('vol-info', '--bytes', '--pool', 'kvm-workbench', base);
      assert.match(info, new RegExp(`Capacity: +${IMAGE_BYTES} bytes`), 'the copy is whole');

      const { guests } = await bench.load(text);
      const own = await findOwnGuests(guests, bench.services.id, async () => bench.host);
      for (const each of own) await destroyGuest(each, bench.services);
      assert.doesNotMatch(await bench.daemon.virsh('pool-list', '--all', '--name'), /kvm-workbench/);
    },
  );

  test('come up once, whichever of two windows asks for them', async () => {
    const kernel = await bench.daemon.tinyOsElf();
    const text = `name: w
networks:
  lab: { mode: isolated }
guests:
  one: { multiboot: ${kernel}, disk: 16 MiB, accel: tcg, networks: [lab] }
  two: { multiboot: ${kernel}, accel: tcg, networks: [], depends-on: [one] }
`;
    const other = new KvmYaml(bench.connection, bench.folder);
    const both = await Promise.all([bench.up(text), other.up(text)]);
    const outcomes = both.flat().map(({ guest, outcome }) => `${guest} ${outcome}`);
    assert.deepEqual(outcomes.toSorted(), ['one created', 'one unchanged', 'two created', 'two unchanged']);
    const waited = [...bench.phases, ...other.phases].some(([, { kind }]) => kind === 'other-window');
    assert.ok(waited, 'one of them has waited for the other');
    const { guests } = await bench.load(text);
    for (const each of await findOwnGuests(guests, bench.services.id, async () => bench.host))
      await destroyGuest(each, bench.services);
    await destroyNetworks(bench.services.id, bench.host);
  });
});
