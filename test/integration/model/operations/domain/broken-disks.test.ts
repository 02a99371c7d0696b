import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { execa } from 'execa';
import { createDomain } from '../../../../../src/model/operations/domain/create.ts';
import { changeDevices } from '../../../../../src/model/operations/domain/change-devices.ts';
import { forceOffDomain } from '../../../../../src/model/operations/domain/force-off.ts';
import { startDomain } from '../../../../../src/model/operations/domain/start.ts';
import { useOperationBench } from './support.ts';

const SIZE = '8M';

function disk(path: string): string {
  return `<disk type="file"><driver name="qemu" type="qcow2"/><source file="${path}"/><target dev="vda" bus="virtio"/></disk>`;
}
const withDisk = (path: string) => (xml: string) => xml.replace('</devices>', `${disk(path)}</devices>`);

suite('A disk that cannot be opened', { timeout: 180_000 }, () => {
  const bench = useOperationBench();
  let folder = '';
  const at = (name: string) => join(folder, `${name}.qcow2`);

  async function image(name: string, base?: string): Promise<void> {
    const from = base === undefined ? [] : ['-u', '-b', base, '-F', 'qcow2'];
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', ...from, at(name), SIZE]);
  }

  before(async () => {
    folder = join(bench.daemon.folder, 'broken');
    await mkdir(folder);
    await image('good');
    await writeFile(at('empty'), '');
    await writeFile(at('garbage'), Buffer.alloc(1024 * 1024, 'x'));
    await copyFile(at('good'), at('cut'));
    await truncate(at('cut'), 100);
    for (const base of ['gone', 'empty', 'garbage', 'cut']) await image(`on-${base}`, at(base));
    await image('on-on-empty', at('on-empty'));
    await image('circle');
    await execa('qemu-img', ['rebase', '-u', '-f', 'qcow2', '-F', 'qcow2', '-b', at('circle'), at('circle')]);
  });

  test('is named when its guest is started, with what is wrong and what to do', async () => {
    const expected: Readonly<Record<string, string>> = {
      missing: `The disk ${at('missing')} is not there`,
      empty: `The disk ${at('empty')} is empty`,
      garbage: `The disk ${at('garbage')} is damaged, or has another format`,
      cut: `The disk ${at('cut')} is cut off: its end is missing`,
      'on-gone': `The disk ${at('on-gone')} starts from ${at('gone')}, which is not there`,
      'on-empty': `The disk ${at('on-empty')} starts from ${at('empty')}, which is empty`,
      'on-garbage': `The disk ${at('on-garbage')} starts from ${at('garbage')}, which is damaged, or has another format`,
      'on-cut': `The disk ${at('on-cut')} starts from ${at('cut')}, which is cut off: its end is missing`,
      'on-on-empty': `The disk ${at('on-on-empty')} starts from ${at('empty')}, which is empty`,
    };
    for (const [name, message] of Object.entries(expected)) {
      const target = await bench.define(`t-${name}`, withDisk(at(name)));
      const kept = await readFile(at(name)).catch(() => undefined);
      await assert.rejects(startDomain(target, {}), (error: Error & { hint?: string }) => {
        assert.deepEqual([error.name, error.message], ['DiskError', message]);
        assert.match(error.hint ?? '', /^Put /u);
        assert.ok(error.cause instanceof Error, 'with the words of QEMU');
        return true;
      });
      assert.deepEqual(await readFile(at(name)).catch(() => undefined), kept);
    }
    assert.equal(await bench.daemon.virsh('pool-list', '--name', '--all'), '');
  });

  test('that starts from itself is told as that', async () => {
    const target = await bench.define('t-circle', withDisk(at('circle')));
    await assert.rejects(startDomain(target, {}), { message: `The disk ${at('circle')} starts from itself` });
  });

  test('is named also for a transient guest, a volume, and a disk that is plugged in', async () => {
    const empty = { name: 'DiskError', message: `The disk ${at('empty')} is empty` };
    const xml = await bench.daemon.virsh('dumpxml', '--inactive', 't-empty');
    const transient = xml.replace(/<uuid>.*<\/uuid>/u, '').replace('t-empty', 't-transient');
    await assert.rejects(createDomain(bench.host, { xml: transient }), empty);
    await bench.daemon.virsh('pool-create-as', 'broken', 'dir', '--target', folder);
    const volume = disk('')
      .replace('type="file"', 'type="volume"')
      .replace('file=""', 'pool="broken" volume="empty.qcow2"');
    const target = await bench.define('t-volume', (text) =>
      text.replace('</devices>', `${volume}</devices>`),
    );
    await assert.rejects(startDomain(target, {}), empty);
    const running = await bench.define('t-plugged');
    await startDomain(running, {});
    const defined = await bench.daemon.virsh('dumpxml', '--inactive', 't-plugged');
    await bench.daemon.define(withDisk(at('empty'))(defined));
    const { failed } = await changeDevices(running, {});
    assert.deepEqual(
      failed.map(({ error }) => (error as Error).message),
      [empty.message],
    );
    await forceOffDomain(running, {});
  });

  test('is not blamed for what is no fault of it', async () => {
    const target = await bench.define('t-good', (xml) =>
      withDisk(at('good'))(xml).replace(/<kernel>.*<\/kernel>/u, '<kernel>/no/such/kernel</kernel>'),
    );
    await assert.rejects(startDomain(target, {}), { name: 'RemoteError' });
  });
});
