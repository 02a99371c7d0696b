import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isAtHand, isSessionDaemon, isThisMachine } from '../../../../src/model/inventory/place.ts';

const ROOT = 0;
const SOMEBODY = 1000;

/** What each URI means: this machine, at hand, a session daemon for somebody, and for root. */
const MEANINGS: readonly [uri: string, here: boolean, atHand: boolean, ours: boolean, roots: boolean][] = [
  ['qemu:///system', true, true, false, false],
  ['qemu:///session', true, true, true, false],
  ['qemu+unix:///system', true, true, false, false],
  ['qemu+unix:///session', true, true, true, false],
  ['qemu+unix:///session?socket=/run/user/1000/s', true, true, true, true],
  ['test:///default', true, true, false, false],
  // As libvirt reads them: without a host it is this one, and a local socket is here whatever is said besides.
  ['qemu+tcp:///system', true, false, false, false],
  ['qemu+tls:///system', true, false, false, false],
  ['qemu+ssh:///system', true, false, false, false],
  ['qemu+tcp://:16510/system', true, false, false, false],
  ['qemu+unix://elsewhere/system', true, true, false, false],
  ['qemu://elsewhere/system', false, false, false, false],
  ['qemu+tls://elsewhere/system', false, false, false, false],
  ['qemu+tcp://elsewhere/session', false, false, true, true],
  ['qemu+ssh://elsewhere/system', false, false, false, false],
  ['qemu+ssh://elsewhere/session', false, false, true, false],
  ['qemu+ssh://dev@elsewhere/session', false, false, true, true],
  ['qemu+ssh://root@elsewhere/session', false, false, false, false],
  // What is called so may be the near end of a tunnel.
  ['qemu+tcp://localhost/system', false, false, false, false],
  ['qemu+ssh://127.0.0.1:2222/system', false, false, false, false],
  ['not a URI', false, false, false, false],
  ['', false, false, false, false],
];

suite('The place that a URI means', () => {
  for (const [uri, here, atHand, ours, roots] of MEANINGS)
    test(uri === '' ? 'none' : uri, () => {
      assert.deepEqual(
        {
          here: isThisMachine(uri),
          atHand: isAtHand(uri),
          ours: isSessionDaemon(uri, SOMEBODY),
          roots: isSessionDaemon(uri, ROOT),
        },
        { here, atHand, ours, roots },
      );
    });
});
