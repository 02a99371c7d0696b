import { HostsPage } from './hosts-page.ts';
import type { PrivateDaemon } from './private-daemon.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** A workbench on `folder` whose tree shows a daemon as the host `lab`, once its guest `guest` is to be seen there. */
export async function openLab(
  folder: string,
  daemon: PrivateDaemon,
  guest: string,
): Promise<{ workbench: Workbench; hosts: HostsPage }> {
  const workbench = await openWorkbench({
    folder,
    settings: { 'kvm.hosts': [{ name: 'lab', uri: daemon.uri }] },
  });
  try {
    const hosts = new HostsPage(workbench);
    await hosts.open();
    await hosts.item('lab').click();
    await hosts.item(guest).waitFor();
    return { workbench, hosts };
  } catch (error) {
    await workbench.dispose();
    throw error;
  }
}
