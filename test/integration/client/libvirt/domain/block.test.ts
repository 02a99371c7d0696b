import assert from 'node:assert/strict';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CheckpointXml,
  CreateCheckpoint,
  DeleteCheckpoint,
  ListCheckpoints,
} from '../../../../../src/client/libvirt/domain/checkpoint.ts';
import {
  AbortBlockJob,
  CommitBlock,
  CopyBlock,
  RebaseBlock,
} from '../../../../../src/client/libvirt/domain/block.ts';
import type { DomainEvent } from '../../../../../src/client/libvirt/domain/events.ts';
import { JobStats } from '../../../../../src/client/libvirt/domain/job.ts';
import { StatsGroup, StatsOptions } from '../../../../../src/client/libvirt/domain/stats.ts';
import {
  type DomainRef,
  ListDomains,
  UndefineDomain,
} from '../../../../../src/client/libvirt/domain/domain.ts';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import {
  CreateSnapshot,
  DeleteSnapshot,
  ListSnapshots,
  RevertSnapshot,
} from '../../../../../src/client/libvirt/domain/snapshot.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { diskXml, Heard, makeDisk, refused, useBench } from '../support.ts';

const bench = useBench();

const names = (refs: readonly { readonly name: string }[]) => refs.map(({ name }) => name);
const snapshotXml = (name: string) => `<domainsnapshot><name>${name}</name></domainsnapshot>`;
const checkpointXml = (name: string) => `<domaincheckpoint><name>${name}</name></domaincheckpoint>`;
const MIB = 1024n * 1024n;

suite('Snapshots', () => {
  test('form a tree on the test driver', async () => {
    const { snapshots } = bench.test;
    const domain = await bench.test.domains.lookupByName('test');
    assert.equal(await snapshots.hasCurrent(domain), false);
    await refused(snapshots.current(domain), ErrorCode.NO_DOMAIN_SNAPSHOT, /current snapshot/);
    const root = await snapshots.create(domain, snapshotXml('root'));
    const left = await snapshots.create(domain, snapshotXml('left'));
    await snapshots.revert(root, RevertSnapshot.RUNNING);
    const right = await snapshots.create(domain, snapshotXml('right'));
    assert.equal(root.domain.uuid, domain.uuid);

    assert.deepEqual(names(await snapshots.list(domain)).toSorted(), ['left', 'right', 'root']);
    assert.deepEqual(names(await snapshots.list(domain, ListSnapshots.ROOTS)), ['root']);
    assert.deepEqual(names(await snapshots.children(root)).toSorted(), ['left', 'right']);
    assert.deepEqual(names(await snapshots.children(root, ListSnapshots.DESCENDANTS)).length, 2);
    assert.equal((await snapshots.parent(left)).name, 'root');
    await refused(snapshots.parent(root), ErrorCode.NO_DOMAIN_SNAPSHOT, /does not have a parent/);
    assert.equal((await snapshots.current(domain)).name, 'right');
    assert.deepEqual([await snapshots.isCurrent(right), await snapshots.isCurrent(left)], [true, false]);
    assert.equal(await snapshots.hasMetadata(left), true);
    assert.equal((await snapshots.lookupByName(domain, 'left')).name, 'left');
    await refused(snapshots.lookupByName(domain, 'gone'), ErrorCode.NO_DOMAIN_SNAPSHOT, /gone/);
    assert.match(await snapshots.xml(left), /<parent>\s*<name>root<\/name>/);
    assert.deepEqual(names(await bench.test.domains.list(ListDomains.HAS_SNAPSHOT)), ['test']);

    await snapshots.delete(root, DeleteSnapshot.CHILDREN_ONLY);
    assert.deepEqual(names(await snapshots.list(domain)), ['root']);
    await snapshots.delete(root);
    assert.deepEqual(await snapshots.list(domain), []);
  });

  test('bring a guest of QEMU back to where it was', async () => {
    const { domains, snapshots } = bench.qemu;
    const path = await makeDisk(bench, 'snap', 64);
    const guest = tinyOsXml({ name: 'snap', kernel: await bench.daemon.tinyOsElf() });
    const domain = await domains.start(
      await domains.defineXml(guest.replace('<devices>', `<devices>${diskXml(path)}`)),
    );
    const running = await snapshots.create(domain, snapshotXml('running'), CreateSnapshot.VALIDATE);
    await domains.destroy(domain);
    const off = await snapshots.create(domain, '<domainsnapshot/>');
    assert.match(off.name, /^\d+$/);
    assert.deepEqual(names(await snapshots.list(domain, ListSnapshots.ACTIVE)), ['running']);
    assert.deepEqual(names(await snapshots.list(domain, ListSnapshots.INACTIVE)), [off.name]);
    await snapshots.revert(running, RevertSnapshot.PAUSED);
    assert.equal(await bench.daemon.virsh('domstate', 'snap'), 'paused');
    assert.equal(await bench.daemon.virsh('snapshot-current', 'snap', '--name'), 'running');
    await snapshots.delete(off, DeleteSnapshot.METADATA_ONLY);
    await domains.destroy(domain);
    await refused(domains.undefine(domain), ErrorCode.OPERATION_INVALID, /snapshots/);
    await domains.undefine(domain, UndefineDomain.SNAPSHOTS_METADATA);
  });
});

suite('Disks of a running guest', () => {
  async function start(name: string): Promise<{ domain: DomainRef; folder: string; path: string }> {
    const folder = join(bench.daemon.folder, 'lib', 'images');
    const path = await makeDisk(bench, name, 8);
    const xml = tinyOsXml({ name, kernel: await bench.daemon.tinyOsElf() });
    const defined = await bench.qemu.domains.defineXml(xml.replace('<devices>', `<devices>${diskXml(path)}`));
    return { domain: await bench.qemu.domains.start(defined), folder, path };
  }

  async function end(domain: DomainRef): Promise<void> {
    await bench.qemu.domains.destroy(domain);
    // What is known of snapshots and checkpoints goes too.
    await bench.qemu.domains.undefine(domain, 2 | 16);
  }

  /** A layer on top of what the disk has now. */
  async function addLayer(domain: DomainRef, name: string): Promise<void> {
    const xml = `<domainsnapshot><name>${name}</name></domainsnapshot>`;
    const flags = CreateSnapshot.DISK_ONLY | CreateSnapshot.NO_METADATA | CreateSnapshot.ATOMIC;
    await bench.qemu.snapshots.create(domain, xml, flags);
  }

  async function layers(domain: DomainRef): Promise<number> {
    const groups = StatsGroup.BLOCK | StatsGroup.STATE;
    const [record] = await bench.qemu.domainStatistics.of([domain], groups, StatsOptions.BACKING);
    return record?.stats.blocks.length ?? 0;
  }

  test('are measured, grown and watched', async () => {
    const { domainBlocks: blocks } = bench.qemu;
    const { domain } = await start('grown');
    assert.equal((await blocks.info(domain, 'vda')).capacity, 8n * MIB);
    await blocks.resize(domain, 'vda', 16n * MIB);
    const info = await blocks.info(domain, 'vda');
    assert.equal(info.capacity, 16n * MIB);
    assert.ok(info.physical > 0n && info.allocation >= 0n, String(info.physical));
    assert.deepEqual(await blocks.errors(domain), []);
    await blocks.setThreshold(domain, 'vda', 4n * MIB);
    const [record] = await bench.qemu.domainStatistics.of([domain], StatsGroup.BLOCK);
    assert.equal(record?.stats.blocks[0]?.threshold, 4n * MIB);
    await refused(blocks.info(domain, 'vdz'), ErrorCode.INVALID_ARG, /vdz/);
    await end(domain);
  });

  test('are pulled, rebased and committed', async () => {
    const { domainBlocks: blocks, domainEvents } = bench.qemu;
    const { domain, path } = await start('layered');
    const heard = new Heard<DomainEvent<'blockJob'>>();
    const byPath = new Heard<DomainEvent<'blockJobByPath'>>();
    const stops = [
      await domainEvents.on('blockJob', heard.hear, domain),
      await domainEvents.on('blockJobByPath', byPath.hear),
    ];
    await addLayer(domain, 'one');
    await addLayer(domain, 'two');
    assert.equal(await layers(domain), 3);

    await blocks.rebase(domain, 'vda', { base: path, bandwidth: 100n * MIB });
    assert.deepEqual(await heard.next(), { domain, disk: 'vda', type: 'pull', status: 'completed' });
    const disk = path.replace(/qcow2$/u, 'two');
    assert.deepEqual(await byPath.next(), { domain, disk, type: 'pull', status: 'completed' });
    assert.equal(await layers(domain), 2);
    await blocks.pull(domain, 'vda');
    assert.equal((await heard.next()).status, 'completed');
    assert.equal(await layers(domain), 1);

    await addLayer(domain, 'three');
    await blocks.commit(domain, 'vda', { flags: CommitBlock.ACTIVE | CommitBlock.SHALLOW });
    assert.deepEqual(await heard.next(), { domain, disk: 'vda', type: 'active-commit', status: 'ready' });
    const job = await blocks.job(domain, 'vda');
    assert.equal(job?.type, 'active-commit');
    assert.equal(job?.current, job?.end);
    await blocks.abortJob(domain, 'vda', AbortBlockJob.PIVOT);
    assert.equal((await heard.next(({ status }) => status === 'completed')).type, 'active-commit');
    assert.equal(await layers(domain), 1);
    assert.equal(await blocks.job(domain, 'vda'), undefined);
    for (const stop of stops) await stop();
    await end(domain);
  });

  test('are copied elsewhere, at a speed that can be changed', async () => {
    const { domainBlocks: blocks, domainEvents } = bench.qemu;
    const { domain, folder } = await start('copied');
    const heard = new Heard<DomainEvent<'blockJob'>>();
    const stop = await domainEvents.on('blockJob', heard.hear);
    const target = `<disk type="file"><driver type="qcow2"/><source file="${folder}/copy.qcow2"/></disk>`;
    await blocks.copy(domain, 'vda', target, {
      bandwidth: 10n * MIB,
      granularity: 65_536,
      bufferSize: MIB,
      flags: CopyBlock.TRANSIENT_JOB,
    });
    assert.equal((await heard.next(({ status }) => status === 'ready')).type, 'copy');
    assert.equal((await blocks.job(domain, 'vda'))?.bandwidth, 10n * MIB);
    await blocks.setJobSpeed(domain, 'vda', 3n * MIB);
    assert.equal((await blocks.job(domain, 'vda'))?.bandwidth, 3n * MIB);
    await blocks.abortJob(domain, 'vda', AbortBlockJob.ASYNC);
    assert.equal((await heard.next(({ status }) => status === 'cancelled')).disk, 'vda');
    // It would be gone at the next start: libvirt takes this old way to copy for transient domains only.
    const oldWay = blocks.rebase(domain, 'vda', { base: '/x', flags: RebaseBlock.COPY });
    await refused(oldWay, ErrorCode.OPERATION_INVALID, /not transient/);
    await stop();
    await end(domain);
  });

  test('are backed up since checkpoints', async () => {
    const { checkpoints, domainBlocks: blocks, domainJobs: jobs, domainEvents } = bench.qemu;
    const { domain, folder } = await start('kept');
    const first = await checkpoints.create(domain, checkpointXml('first'));
    assert.deepEqual(first, { name: 'first', domain: { ...domain, id: first.domain.id } });
    const quiet = checkpoints.create(domain, checkpointXml('quiet'), CreateCheckpoint.QUIESCE);
    await refused(quiet, ErrorCode.INVALID_ARG, /unsupported flags/);
    const second = await checkpoints.create(domain, checkpointXml('second'));
    assert.deepEqual(names(await checkpoints.list(domain, ListCheckpoints.TOPOLOGICAL)), ['first', 'second']);
    assert.deepEqual(names(await checkpoints.list(domain, ListCheckpoints.ROOTS)), ['first']);
    assert.deepEqual(names(await checkpoints.children(first)), ['second']);
    assert.equal((await checkpoints.parent(second)).name, 'first');
    await refused(checkpoints.parent(first), ErrorCode.NO_DOMAIN_CHECKPOINT, /does not have a parent/);
    assert.equal((await checkpoints.lookupByName(domain, 'second')).name, 'second');
    const described = await checkpoints.xml(second, CheckpointXml.NO_DOMAIN | CheckpointXml.SIZE);
    assert.match(described, /<disk name='vda' checkpoint='bitmap' bitmap='second' size='0'\/>/);

    const completed = new Heard<DomainEvent<'jobCompleted'>>();
    const stop = await domainEvents.on('jobCompleted', completed.hear);
    await refused(blocks.backupXml(domain), ErrorCode.NO_DOMAIN_BACKUP, /no domain backup job/);
    const backup = `<domainbackup mode="push"><disks>
      <disk name="vda" type="file"><driver type="qcow2"/><target file="${folder}/kept.backup"/></disk>
      </disks></domainbackup>`;
    await blocks.beginBackup(domain, backup, { checkpointXml: checkpointXml('third') });
    const { statistics } = await completed.next();
    assert.deepEqual([statistics.operation, statistics.success], ['backup', true]);
    assert.deepEqual([statistics.disk.total, statistics.disk.remaining], [8n * MIB, 0n]);
    const flags = JobStats.COMPLETED | JobStats.KEEP_COMPLETED;
    const kept = await jobs.statistics(domain, flags);
    assert.deepEqual([kept.state, kept.operation], ['completed', 'backup']);
    await checkpoints.delete(first, DeleteCheckpoint.CHILDREN);
    assert.deepEqual(await checkpoints.list(domain), []);
    await stop();
    await end(domain);
  });

  test('are backed up in a job that can be looked at and ended', async () => {
    const { domainBlocks: blocks, domainJobs: jobs } = bench.qemu;
    const { domain, folder } = await start('pulled');
    assert.equal((await jobs.info(domain)).state, 'none');
    assert.equal((await jobs.statistics(domain)).state, 'none');
    await refused(jobs.abort(domain), ErrorCode.OPERATION_INVALID, /no job is active/);
    // Where the QEMU user may make a socket.
    const sockets = join(folder, 'nbd');
    await mkdir(sockets);
    await chmod(sockets, 0o777);
    const backup = `<domainbackup mode="pull"><server transport="unix" socket="${sockets}/socket"/><disks>
      <disk name="vda" backup="yes" type="file"><scratch file="${folder}/pulled.scratch"/></disk>
      </disks></domainbackup>`;
    await blocks.beginBackup(domain, backup);
    assert.match(await blocks.backupXml(domain), /<domainbackup mode='pull'/);
    const info = await jobs.info(domain);
    assert.equal(info.state, 'unbounded');
    const statistics = await jobs.statistics(domain);
    assert.equal(statistics.operation, 'backup');
    assert.equal(typeof statistics.disk.temporaryTotal, 'bigint');
    assert.ok((statistics.elapsedMs ?? -1) >= 0);
    await refused(jobs.interruptPostcopy(domain), ErrorCode.OPERATION_INVALID, /post-?copy/i);
    await jobs.abort(domain);
    while ((await jobs.info(domain)).state !== 'none') await delay(20);
    await end(domain);
  });

  test('belong to guests whose migration has its bounds', async () => {
    const { domainJobs: jobs } = bench.qemu;
    const { domain } = await start('bound');
    assert.equal(await jobs.migrationMaxDowntimeMs(domain), 300);
    assert.equal(typeof (await jobs.migrationMaxSpeedMiB(domain)), 'bigint');
    assert.equal(await jobs.migrationCompressionCache(domain), 64n * MIB);
    await end(domain);
  });
});
