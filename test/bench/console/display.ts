import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.ts';
import { buildExtension } from '../../../scripts/lib/bundle.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import type { PrivateDaemon } from '../../support/private-daemon.ts';
import { openWorkbench } from '../../support/workbench.ts';
import { type BenchGuest, NAME } from './guest.ts';

const WATCH_MS = 5_000;

/** In a real workbench: from the click on Open Display to the first picture, and updates drawn in each second. */
export async function display(
  daemon: PrivateDaemon,
  guest: BenchGuest,
): Promise<{ readonly firstFrameMs: number; readonly updatesPerSecond: number }> {
  await buildExtension();
  await using workbench = await openWorkbench({
    folder: join(root, 'examples/tiny-os'),
    settings: { 'kvm.hosts': [{ name: 'lab', uri: daemon.uri }] },
  });
  const hosts = new HostsPage(workbench);
  await hosts.open();
  await hosts.expand('lab');
  await hosts.item(NAME, 'running').hover();
  const button = hosts.item(NAME).getByRole('button', { name: 'Open Display' });
  await button.waitFor();
  const screen = workbench.page
    .frameLocator('iframe.webview')
    .frameLocator('iframe#active-frame')
    .locator('#screen');
  const clicked = performance.now();
  await button.click();
  await workbench.page
    .frameLocator('iframe.webview')
    .frameLocator('iframe#active-frame')
    .locator('#screen[data-frames]')
    .waitFor();
  const firstFrameMs = performance.now() - clicked;
  guest.send('yes "$(date) a line that scrolls the screen" >/dev/tty1 &');
  const frames = async () => Number(await screen.getAttribute('data-frames'));
  const [before, started] = [await frames(), performance.now()];
  await workbench.page.waitForTimeout(WATCH_MS);
  const updatesPerSecond = ((await frames()) - before) / ((performance.now() - started) / 1000);
  return { firstFrameMs, updatesPerSecond };
}
