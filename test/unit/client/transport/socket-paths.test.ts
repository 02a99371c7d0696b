import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { afterEach, suite, test } from 'node:test';
import { TransportError } from '../../../../src/client/transport/error.ts';
import { type SocketPaths, socketCandidates } from '../../../../src/client/transport/socket-paths.ts';
import { parseUri } from '../../../../src/client/transport/uri.ts';

const { env, getuid } = process;

interface User {
  readonly uid?: number;
  readonly env?: NodeJS.ProcessEnv;
}

function find(uri: string, user: User = {}): SocketPaths {
  process.getuid = () => user.uid ?? 1000;
  process.env = { HOME: homedir(), ...(user.env ?? { XDG_RUNTIME_DIR: '/run/user/1000' }) };
  return socketCandidates(parseUri(uri));
}

suite('Where a daemon listens', () => {
  afterEach(() => {
    process.env = env;
    if (getuid !== undefined) process.getuid = getuid;
  });

  test('the modular daemon of the driver is tried first', () => {
    assert.deepEqual(find('qemu:///system'), {
      candidates: ['/var/run/libvirt/virtqemud-sock', '/var/run/libvirt/libvirt-sock'],
      explicit: false,
      startable: false,
    });
    assert.deepEqual(find('lxc:///system').candidates, [
      '/var/run/libvirt/virtlxcd-sock',
      '/var/run/libvirt/libvirt-sock',
    ]);
  });

  test('mode= chooses one of the two', () => {
    assert.equal(find('qemu:///system?mode=auto').candidates.length, 2);
    assert.deepEqual(find('qemu:///system?mode=direct').candidates, ['/var/run/libvirt/virtqemud-sock']);
    assert.deepEqual(find('qemu:///system?mode=legacy').candidates, ['/var/run/libvirt/libvirt-sock']);
    assert.throws(
      () => find('qemu:///system?mode=fast'),
      (error) =>
        error instanceof TransportError && error.code === 'bad-uri' && /mode=fast/.test(error.message),
    );
  });

  test('read-only connections have sockets of their own, but only on the system', () => {
    assert.deepEqual(find('qemu:///system?readonly').candidates, [
      '/var/run/libvirt/virtqemud-sock-ro',
      '/var/run/libvirt/libvirt-sock-ro',
    ]);
    assert.equal(find('qemu:///session?readonly').candidates[0], '/run/user/1000/libvirt/virtqemud-sock');
  });

  test('a socket that the URI names is the only one, and nobody starts a daemon for it', () => {
    assert.deepEqual(find('qemu+unix:///session?socket=/tmp/my%20sock'), {
      candidates: ['/tmp/my sock'],
      explicit: true,
      startable: false,
    });
    assert.throws(
      () => find('qemu+unix:///system?socket='),
      (error) => error instanceof TransportError && error.code === 'bad-uri',
    );
  });

  test("a session's daemon is in the user's runtime folder and can be started", () => {
    assert.deepEqual(find('qemu:///session'), {
      candidates: ['/run/user/1000/libvirt/virtqemud-sock', '/run/user/1000/libvirt/libvirt-sock'],
      explicit: false,
      startable: true,
    });
  });

  test("without a runtime folder it is in the user's cache", () => {
    assert.equal(
      find('qemu:///session?mode=legacy', { env: { XDG_CACHE_HOME: '/var/cache/me' } }).candidates[0],
      '/var/cache/me/libvirt/libvirt-sock',
    );
    assert.equal(
      find('qemu:///session?mode=legacy', { env: { XDG_RUNTIME_DIR: '' } }).candidates[0],
      `${homedir()}/.cache/libvirt/libvirt-sock`,
    );
  });

  test("root's session is the system", () => {
    assert.deepEqual(find('qemu:///session', { uid: 0 }), find('qemu:///system', { uid: 0 }));
  });
});
