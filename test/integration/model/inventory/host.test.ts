import assert from 'node:assert/strict';
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Host, type HostChange, type HostStatus } from '../../../../src/model/inventory/host.ts';
import { ConnectionClosedError } from '../../../../src/client/rpc/error.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { until } from '../../support/until.ts';

function hostAt(uri: string): Host {
  return new Host({ name: 'host', uri, origin: 'configured' });
}

function kinds(host: Host): readonly HostStatus['kind'][] {
  const seen: HostStatus['kind'][] = [];
  host.onChange((change) => {
    if (change.kind === 'status') seen.push(host.status.kind);
  });
  return seen;
}

let daemon: PrivateDaemon;
before(async () => {
  daemon = await startPrivateDaemon();
});
after(() => daemon?.dispose());

suite('A host and what is on it', () => {
  let host: Host;
  const changes: HostChange[] = [];
  const errors: unknown[] = [];

  before(async () => {
    host = hostAt(daemon.uri);
    host.onChange((change) => changes.push(change));
    host.onError((error) => errors.push(error));
    await host.connect();
  });
  after(() => host?.disconnect());

  /** Runs virsh, then gives the event half a second from when virsh was done. */
  async function virshThen(args: readonly string[], condition: () => boolean): Promise<void> {
    changes.length = 0;
    await daemon.virsh(...args);
    await until(host, condition);
  }

  function named(name: string) {
    return [...host.domains.values()].find((domain) => domain.name === name);
  }

  test('knows the facts about the host', () => {
    assert.ok(host.status.kind === 'connected');
    assert.equal(host.status.facts.type, 'QEMU');
  });

  test('follows what virsh does, each within half a second', async () => {
    await daemon.defineTinyOs('guest');
    await until(host, () => named('guest') !== undefined);
    const uuid = named('guest')?.uuid ?? '';
    const { size } = host.domains.get(uuid) ?? {};
    assert.deepEqual([size?.vcpus, size?.memoryKiB], [1, 16_384]);

    await virshThen(['start', 'guest'], () => named('guest')?.state === 'running');
    assert.ok(Number(named('guest')?.id) > 0);
    assert.ok(named('guest')?.since instanceof Date);
    for (const change of changes) {
      assert.ok(change.kind === 'objects' && change.of === 'domain');
      // One that was read again and found the same is told of for its XML.
      const { added, changed, removed, renamed, touched } = change;
      assert.deepEqual([added, removed, renamed, touched], [[], [], false, [uuid]]);
      assert.ok(changed.length === 0 || changed[0] === uuid);
    }

    await virshThen(['suspend', 'guest'], () => named('guest')?.state === 'paused');
    await virshThen(['resume', 'guest'], () => named('guest')?.state === 'running');
    await virshThen(['destroy', 'guest'], () => named('guest')?.state === 'shut-off');
    assert.deepEqual([named('guest')?.id, named('guest')?.reason], [undefined, 'forced-off']);

    await virshThen(['domrename', 'guest', 'renamed'], () => named('renamed')?.uuid === uuid);
    assert.ok(changes.some((change) => change.kind === 'objects' && change.renamed));
    await virshThen(['undefine', 'renamed'], () => !host.domains.has(uuid));
    assert.deepEqual(changes.at(-1), {
      kind: 'objects',
      of: 'domain',
      parent: undefined,
      added: [],
      changed: [],
      removed: [uuid],
      renamed: false,
      touched: [uuid],
    });
    assert.deepEqual(errors, []);
  });

  test('sees a saved guest as saved, and what has no event when it is asked to look', async () => {
    await daemon.defineTinyOs('quiet');
    await until(host, () => named('quiet') !== undefined);
    await daemon.virsh('start', 'quiet');
    await virshThen(['managedsave', 'quiet'], () => named('quiet')?.managedSave === true);
    await daemon.virsh('autostart', 'quiet');
    await host.refresh({ kind: 'domain', key: named('quiet')?.uuid ?? '' });
    assert.equal(named('quiet')?.autostart, true);
    await daemon.virsh('managedsave-remove', 'quiet');
    await host.reload();
    assert.equal(named('quiet')?.managedSave, false);
    await virshThen(['undefine', 'quiet'], () => named('quiet') === undefined);
  });

  test('has everything at once for a second look, sizes later', async () => {
    const other = hostAt(daemon.testUri);
    try {
      await other.connect();
      const [domain] = other.domains.values();
      assert.deepEqual([domain?.name, domain?.state, domain?.size], ['test', 'running', undefined]);
      other.completeDomains();
      await until(other, () => [...other.domains.values()].every(({ size }) => size !== undefined));
    } finally {
      other.disconnect();
    }
  });
});

suite('The connection of a host', () => {
  test('is made once for two who ask at the same time', async () => {
    const host = hostAt(daemon.uri);
    try {
      const seen = kinds(host);
      const [first, second] = await Promise.all([host.connect(), host.connect()]);
      assert.equal(first, second);
      assert.equal(await host.connect(), first);
      assert.deepEqual(seen, ['connecting', 'connected']);
      assert.equal((await daemon.virsh('-c', daemon.uri, 'list', '--all')).length, 0);
    } finally {
      host.disconnect();
    }
  });

  test('is given up by a disconnect, and can be made again at once', async () => {
    const host = hostAt(daemon.uri);
    try {
      const seen = kinds(host);
      const cancelled = host.connect();
      const rejected = assert.rejects(cancelled, { name: 'AbortError' });
      host.disconnect();
      const again = host.connect();
      await rejected;
      await again;
      assert.deepEqual(seen, ['connecting', 'disconnected', 'connecting', 'connected']);
    } finally {
      host.disconnect();
    }
    assert.deepEqual(host.status, { kind: 'disconnected', byUser: true });
    assert.equal(host.domains.size, 0);
  });

  test('that fails says so, and can be tried again', async () => {
    const host = hostAt(daemon.uri.replace('libvirt-sock', 'nothing'));
    await assert.rejects(host.connect(), { code: 'no-daemon' });
    assert.ok(host.status.kind === 'failed');
    await assert.rejects(host.connect(), { code: 'no-daemon' });
  });

  test('is restored after the daemon was killed: nothing hangs, and one change set says what happened', async () => {
    await daemon.defineTinyOs('survivor');
    await daemon.defineTinyOs('goner');
    await daemon.virsh('start', 'survivor');
    // A way to the socket that can be closed, so that the host is not back before everything happened.
    const door = join(daemon.folder, 'door');
    await symlink(daemon.socket, door);
    const host = hostAt(daemon.uri.replace(daemon.socket, door));
    try {
      const connection = await host.connect();
      await rm(door);
      const settled = Promise.allSettled(Array.from({ length: 20 }, () => connection.capabilities()));
      await daemon.kill('SIGKILL');
      for (const result of await settled)
        if (result.status === 'rejected') assert.ok(result.reason instanceof ConnectionClosedError);
      await until(host, () => host.status.kind === 'reconnecting');
      assert.deepEqual(namesAndStates(host), { goner: 'shut-off', survivor: 'running' }, 'as last known');
      await assert.rejects(connection.hostname(), ConnectionClosedError);

      await daemon.start();
      await daemon.virsh('undefine', 'goner');
      // Waits until the daemon has taken its guest back; to destroy it before that is an error.
      await daemon.virsh('suspend', 'survivor');
      const changeSets: HostChange[] = [];
      const stop = host.onChange((change) => changeSets.push(change));
      await symlink(daemon.socket, door);
      await until(host, () => host.status.kind === 'connected', 15_000);
      stop();
      assert.deepEqual(namesAndStates(host), { survivor: 'paused' });
      const [changes, ...more] = changeSets.filter((change) => change.kind === 'objects');
      assert.equal(more.length, 0);
      assert.ok(changes?.kind === 'objects');
      assert.deepEqual([changes.added.length, changes.changed.length, changes.removed.length], [0, 1, 1]);

      await daemon.virsh('resume', 'survivor');
      await until(host, () => namesAndStates(host)['survivor'] === 'running');
    } finally {
      host.disconnect();
      await rm(door, { force: true });
    }
  });

  test('is restored by itself also when somebody tried in vain meanwhile, and shows what was known', async () => {
    await daemon.defineTinyOs('kept');
    const host = hostAt(daemon.uri);
    try {
      await host.connect();
      await daemon.kill('SIGKILL');
      await until(host, () => host.status.kind === 'reconnecting');
      const seen = kinds(host);
      for (let attempt = 0; attempt < 2; attempt++)
        await assert.rejects(host.connect(), (error: Error & { hint?: string }) => {
          assert.match(error.message, /^No libvirt daemon answers at/u);
          // It answered a moment ago: nothing is wrong with the URI.
          assert.match(error.hint ?? '', /^It answered before/u);
          return true;
        });
      const cancelled = host.connect();
      host.cancel();
      await assert.rejects(cancelled);
      assert.deepEqual(new Set(seen), new Set(['reconnecting']));
      assert.ok('kept' in namesAndStates(host), 'what was known is still shown');
      await daemon.start();
      await until(host, () => host.status.kind === 'connected', 15_000);
      assert.equal(namesAndStates(host)['kept'], 'shut-off');
    } finally {
      host.disconnect();
    }
    await daemon.virsh('undefine', 'kept');
  });

  test('that a person disconnects while it is being restored stays so', async () => {
    const host = hostAt(daemon.uri);
    await host.connect();
    await daemon.kill('SIGKILL');
    await until(host, () => host.status.kind === 'reconnecting');
    host.disconnect();
    await daemon.start();
    assert.deepEqual(host.status, { kind: 'disconnected', byUser: true });
    assert.equal(host.domains.size, 0);
  });
});

function namesAndStates(host: Host): Record<string, string> {
  return Object.fromEntries([...host.domains.values()].map(({ name, state }) => [name, state]));
}
