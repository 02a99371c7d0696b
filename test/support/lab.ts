import { HostsPage } from './hosts-page.ts';
import type { PrivateDaemon } from './private-daemon.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** A workbench whose tree shows a daemon as the host `lab`. */
export interface Lab {
  readonly daemon: PrivateDaemon;
  readonly workbench: Workbench;
  readonly hosts: HostsPage;
}

/**
 * Opens a workbench on `folder`, and waits until the guest `guest` of the daemon is to be seen there.
 * @param others more hosts, as the setting `kvm.hosts` has them. Nobody is connected to them.
 */
export async function openLab(
  folder: string,
  daemon: PrivateDaemon,
  guest: string,
  others: readonly { name: string; uri: string }[] = [],
): Promise<Lab> {
  const workbench = await openWorkbench({
    folder,
    settings: { 'kvm.hosts': [{ name: 'lab', uri: daemon.uri }, ...others] },
  });
  try {
    const hosts = new HostsPage(workbench);
    await hosts.open();
    await hosts.expand('lab');
    await hosts.item(guest).waitFor();
    return { daemon, workbench, hosts };
  } catch (error) {
    await workbench.dispose();
    throw error;
  }
}
