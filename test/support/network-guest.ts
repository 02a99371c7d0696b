import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cpio, FILE, FOLDER, PROGRAM } from './linux-guest/cpio.ts';
import { type LinuxKernel, linuxKernelFor } from './linux-guest.ts';
import type { PrivateDaemon } from './private-daemon.ts';

/** What the web server of the guest answers. */
export const GREETING = 'hello from the guest';

/** Asks for an address once the card is there, then serves a page. */
const NETWORK = `#!/bin/busybox sh
b=/bin/busybox
until [ -e /sys/class/net/eth0 ]; do $b sleep 0.1; done
$b ip link set lo up
$b ip link set eth0 up
$b httpd -p 80 -h /www
[ -e /network/more ] && /network/more >/run/more.log 2>&1 &
exec $b udhcpc -i eth0 -f -t 20 -T 1 -A 1 -s /network/lease >/dev/null 2>&1
`;

const LEASE = `#!/bin/busybox sh
b=/bin/busybox
case "$1" in
  bound | renew)
    $b ip address flush dev "$interface"
    $b ip address add "$ip/$mask" dev "$interface"
    [ -z "$router" ] || $b ip route add default via "\${router%% *}" dev "$interface"
    ;;
esac
`;

const INIT = `#!/bin/busybox sh
# What is started in the background reads from it.
/bin/busybox mkdir -p /dev
/bin/busybox mknod /dev/null c 1 3
/network/up &
exec /init.guest
`;

/**
 * The Linux test guest with a network: it asks for an address by DHCP, and its web server says {@link GREETING} at
 * port 80. What it has more is a second archive behind the first, as the kernel takes them.
 */
export async function networkGuestFor(daemon: Pick<PrivateDaemon, 'folder'>): Promise<LinuxKernel> {
  const { kernel, initrd } = await linuxKernelFor(daemon);
  const both = join(daemon.folder, 'initrd-network');
  if (!existsSync(both)) {
    const more = cpio([
      { path: 'network', mode: FOLDER },
      { path: 'www', mode: FOLDER },
      { path: 'init', mode: PROGRAM, data: Buffer.from(INIT) },
      {
        path: 'init.guest',
        mode: PROGRAM,
        data: await readFile(join(import.meta.dirname, 'linux-guest/init.sh')),
      },
      { path: 'network/up', mode: PROGRAM, data: Buffer.from(NETWORK) },
      { path: 'network/lease', mode: PROGRAM, data: Buffer.from(LEASE) },
      { path: 'www/index.html', mode: FILE, data: Buffer.from(`${GREETING}\n`) },
    ]);
    const first = await readFile(initrd);
    // Archives begin at multiples of four.
    await writeFile(both, Buffer.concat([first, Buffer.alloc((4 - (first.length % 4)) % 4), more]));
  }
  return { kernel, initrd: both };
}
