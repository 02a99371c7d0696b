import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLab } from '../../support/lab.ts';
import { startPrivateDaemon } from '../../support/private-daemon.ts';
import { SaslUsers } from '../../support/sasl.ts';
import { badInput, prepareBadInput } from './hosts/bad-input.ts';
import { credentials } from './hosts/credentials.ts';
import { GUESTS, tree } from './hosts/tree.ts';

// One workbench for all of it: to open one takes longer than most of what is tried in it.
const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-files-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
const users = undo.use(await SaslUsers.create('scram-sha-256'));
await users.add('fred', 'first');
const vault = undo.use(
  await startPrivateDaemon({
    settings: { auth_unix_rw: 'sasl' },
    env: { SASL_CONF_PATH: users.folder },
  }),
);
const daemon = undo.use(await startPrivateDaemon());
for (const guest of GUESTS) await daemon.defineTinyOs(guest);
await prepareBadInput(daemon, folder);
const lab = await openLab(folder, daemon, 'alpha', [{ name: 'vault', uri: vault.testUri }]);
const { workbench } = lab;
undo.use(workbench);

test('the activity bar shows our container with our icon', async () => {
  const icon = workbench.page.locator('.activitybar').getByRole('tab', { name: 'KVM' });
  await icon.waitFor();
  // An expression as text: Node's types do not know what a page has.
  const mask: unknown = await workbench.page.evaluate(
    `getComputedStyle(document.querySelector('.activitybar .action-label[aria-label^="KVM"]')).maskImage`,
  );
  assert.match(String(mask), /kvm\.svg/u);
  await workbench.page.locator('.sidebar .title-label', { hasText: 'KVM' }).waitFor();
});

tree(lab);
badInput(lab);
credentials(lab, users);
