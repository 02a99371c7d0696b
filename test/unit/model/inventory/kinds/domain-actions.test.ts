import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  actionsOf,
  DOMAIN_ACTIONS,
  type DomainAction,
  isPossible,
} from '../../../../../src/model/inventory/kinds/domain-actions.ts';
import type { DomainRecord } from '../../../../../src/model/inventory/kinds/domain-record.ts';
import { record } from '../../../support/records.ts';

const ALWAYS: readonly DomainAction[] = [
  'open',
  'openConsole',
  'copyLaunchJson',
  'openDisplay',
  'editXml',
  'copyName',
  'copyUuid',
  'copyXml',
];

const CASES: readonly (readonly [what: string, Partial<DomainRecord>, readonly DomainAction[]])[] = [
  [
    'shut off',
    {},
    [
      'debug',
      'start',
      'startWithConsole',
      'startPaused',
      'enableAutostart',
      'rename',
      'undefine',
      'compareSnapshot',
    ],
  ],
  [
    'shut off with a saved state',
    { managedSave: true },
    [
      'start',
      'startWithConsole',
      'discardManagedSave',
      'enableAutostart',
      'rename',
      'undefine',
      'compareSnapshot',
    ],
  ],
  [
    'running',
    { state: 'running', id: 1 },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'injectNmi',
      'guestAgent',
      'shutdown',
      'reboot',
      'reset',
      'takeScreenshot',
      'forceOff',
      'suspend',
      'managedSave',
      'enableAutostart',
      'undefine',
      'compareSnapshot',
      'showLiveXml',
      'compareLive',
    ],
  ],
  [
    'running by itself',
    { state: 'running', id: 1, autostart: true },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'injectNmi',
      'guestAgent',
      'shutdown',
      'reboot',
      'reset',
      'takeScreenshot',
      'forceOff',
      'suspend',
      'managedSave',
      'disableAutostart',
      'undefine',
      'compareSnapshot',
      'showLiveXml',
      'compareLive',
    ],
  ],
  [
    'running and transient',
    { state: 'running', id: 1, persistent: false },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'injectNmi',
      'guestAgent',
      'shutdown',
      'reboot',
      'reset',
      'takeScreenshot',
      'forceOff',
      'suspend',
      'showLiveXml',
    ],
  ],
  [
    'paused',
    { state: 'paused', id: 1 },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'reset',
      'takeScreenshot',
      'forceOff',
      'resume',
      'managedSave',
      'enableAutostart',
      'undefine',
      'compareSnapshot',
      'showLiveXml',
      'compareLive',
    ],
  ],
  [
    'shutting down',
    { state: 'shutting-down', id: 1 },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'reset',
      'takeScreenshot',
      'forceOff',
      'enableAutostart',
      'undefine',
      'compareSnapshot',
      'showLiveXml',
      'compareLive',
    ],
  ],
  [
    'crashed but kept',
    { state: 'crashed', id: 1 },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'reset',
      'takeScreenshot',
      'forceOff',
      'enableAutostart',
      'undefine',
      'compareSnapshot',
      'showLiveXml',
      'compareLive',
    ],
  ],
  [
    'asleep',
    { state: 'suspended', id: 1 },
    [
      'debug',
      'openMonitor',
      'dumpMemory',
      'reset',
      'takeScreenshot',
      'forceOff',
      'enableAutostart',
      'undefine',
      'compareSnapshot',
      'showLiveXml',
      'compareLive',
    ],
  ],
];

suite('What can be done with a domain', () => {
  for (const [what, differences, expected] of CASES)
    test(`that is ${what}`, () => {
      const domain = record(differences);
      const possible = DOMAIN_ACTIONS.filter((action) => isPossible(action, domain));
      assert.deepEqual(possible.toSorted(), [...expected, ...ALWAYS].toSorted());
    });

  test('of a host that is lost needs nothing of that host', () => {
    const running = record({ state: 'running', id: 1 });
    assert.deepEqual(actionsOf(running, true), ['copyName', 'copyUuid']);
    assert.ok(actionsOf(running, false).includes('shutdown'));
  });
});
