import assert from 'node:assert/strict';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readTarEntries } from '../../../../../src/engines/environment/images/tar-entries.ts';
import { paxRecord, tarArchive, tarMember } from '../../../../support/hand-made-images.ts';

suite('The members of an archive', { timeout: 20_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-tar-'));
  });
  after(async () => rm(folder, { recursive: true }));

  async function entries(archive: Buffer, signal = AbortSignal.timeout(5000)) {
    const path = join(folder, 'archive');
    await writeFile(path, archive);
    await using file = await open(path, 'r');
    return await readTarEntries(file, signal);
  }

  test('are found with their places, whatever tells their names and sizes', async () => {
    const data = Buffer.alloc(700, 'x');
    const binary = Buffer.alloc(12);
    binary[0] = 0x80;
    binary.writeBigUInt64BE(700n, 4);
    const archive = tarArchive([
      { name: 'folder/', type: '5' },
      { name: 'a', data },
      { name: 'b', data, size: binary },
      {
        name: 'pax',
        type: 'x',
        data: Buffer.concat([paxRecord('path', 'long name'), paxRecord('size', '700')]),
      },
      { name: 'c', data, size: '00000000000\0' },
    ]);
    assert.deepEqual(await entries(archive), [
      { name: 'a', offset: 1024, size: 700 },
      { name: 'b', offset: 2560, size: 700 },
      { name: 'long name', offset: 5120, size: 700 },
    ]);
  });

  test('of a size below zero, or of none at all, are refused', async () => {
    const ones = Buffer.alloc(12, 0xff);
    const high = Buffer.from('80ffffff0000000000000000', 'hex');
    for (const size of ['-0000001000\0', '-1', '0x10', '12z', ones, high])
      await assert.rejects(entries(tarArchive([{ name: 'a', type: '5', size }])), /has no valid size/u);
    for (const size of ['-512', '-1024', '1e3', 'NaN', '99999999999999999999'])
      await assert.rejects(
        entries(
          tarArchive([
            { name: 'pax', type: 'x', data: paxRecord('size', size) },
            { name: 'a', type: '5' },
          ]),
        ),
        /has no valid size/u,
      );
  });

  test('are counted, also those that are no files', async () => {
    const many = Buffer.concat(Array.from({ length: 5000 }, () => tarMember({ name: 'a/', type: '5' })));
    await assert.rejects(entries(many), /too many files/u);
  });

  test('are not looked for any longer once somebody has pressed Cancel', async () => {
    await assert.rejects(entries(tarArchive([{ name: 'a' }]), AbortSignal.abort()), { name: 'AbortError' });
  });
});
