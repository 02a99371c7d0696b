import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gesture } from '../../../support/gesture.ts';
import type { Lab } from '../../../support/lab.ts';
import type { SaslUsers } from '../../../support/sasl.ts';

const KEEP = 'Keep in VS Code’s secret storage';
const WILL_BE_KEPT = 'Will be kept in VS Code’s secret storage';

export function credentials({ workbench, hosts }: Lab, users: SaslUsers): void {
  suite('A host that wants a name and a password', () => {
    /** The prompt and the kind of the question that is open. */
    async function question(prompt: string | RegExp): Promise<string | null> {
      await workbench.page.locator('.quick-input-message', { hasText: prompt }).waitFor();
      return workbench.page.locator('.quick-input-widget .input').getAttribute('type');
    }

    async function answer(text: string, { keep }: { keep: boolean }): Promise<void> {
      const { page } = workbench;
      if (keep) {
        const [off, on] = [KEEP, WILL_BE_KEPT].map((name) => page.getByRole('button', { name }));
        assert.ok(off && on);
        await gesture((within) => off.click(within), on);
      }
      await page.locator('.quick-input-widget .input').fill(text);
      await hosts.enter();
    }

    async function reconnect(): Promise<void> {
      await hosts.chooseFromMenu(hosts.item('vault'), 'Disconnect from Host');
      await hosts.item('test').waitFor({ state: 'detached' });
      await hosts.chooseFromMenu(hosts.item('vault'), 'Connect to Host');
    }

    test('is told both; a password that was wrong is asked for again and not kept', async () => {
      await hosts.expand('vault');
      assert.equal(await question('User name for libvirt'), 'text');
      await answer('fred', { keep: true });
      assert.equal(await question('Password of fred for libvirt'), 'password');
      await workbench.screenshot('credentials-password');
      await answer('wrong', { keep: true });
      await question('That was not accepted. Try again. User name for libvirt');
      await answer('fred', { keep: true });
      await question('That was not accepted. Try again. Password of fred');
      await answer('first', { keep: true });
      await hosts.item('test').waitFor();
    });

    test('is connected to again without a question when they were kept', async () => {
      await reconnect();
      await hosts.item('test').waitFor();
    });

    test('that knows another password now: the kept one is forgotten', async () => {
      await users.add('fred', 'second');
      await reconnect();
      await question('That was not accepted. Try again. User name for libvirt');
      await workbench.page.keyboard.press('Escape');
      // Asked anew, as if nothing had ever been kept; and what is not to be kept is not.
      await hosts.chooseFromMenu(hosts.item('vault'), 'Connect to Host');
      await question(/^User name for libvirt/u);
      await answer('fred', { keep: false });
      await question(/^Password of fred/u);
      await answer('second', { keep: false });
      await hosts.item('test').waitFor();
      await reconnect();
      await question(/^User name for libvirt/u);
      await workbench.page.keyboard.press('Escape');
    });
  });
}
