import assert from 'node:assert/strict';
import { test } from 'node:test';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { openWorkbench } from '../../support/workbench.ts';

test('the activity bar shows our container with our icon', async () => {
  await using workbench = await openWorkbench({ folder: join(root, 'examples', 'tiny-os') });
  const icon = workbench.page.locator('.activitybar').getByRole('tab', { name: 'KVM' });
  await icon.waitFor();
  // An expression as text: Node's types do not know what a page has.
  const mask: unknown = await workbench.page.evaluate(
    `getComputedStyle(document.querySelector('.activitybar .action-label[aria-label^="KVM"]')).maskImage`,
  );
  assert.match(String(mask), /kvm\.svg/u);
  await icon.click();
  await workbench.page.locator('.sidebar .title-label', { hasText: 'KVM' }).waitFor();
  await workbench.screenshot('container');
});
