import { Host } from '../../src/inventory/host.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import { display } from './console/display.ts';
import { bareEcho, ourEcho } from './console/echo.ts';
import { BenchGuest } from './console/guest.ts';
import { expectedBytes, expectedHash, type Flow, ours, virsh } from './console/throughput.ts';
import { median, quantile } from './tree/statistics.ts';

const ROUNDS = 2;
const MIB = 1024 * 1024;

function checkWhole(who: string, { hash }: Flow): void {
  if (hash !== expectedHash()) throw new Error(`What came to ${who} is not what the guest sent`);
}

/**
 * What a Linux guest says at a serial port, in turn with `virsh console`: as much of it as an emulated port gives in
 * some seconds, which is about 100 KiB/s. A key's way there and back, against the guest's bare pseudo terminal; and
 * its display in a real workbench. Throughput and keys are ours up to the text that is handed to VS Code.
 */
export async function run(): Promise<Record<string, number>> {
  await using daemon = await startPrivateDaemon();
  await using guest = await BenchGuest.start(daemon);
  const host = new Host({ name: 'bench', uri: daemon.uri, origin: 'local' });
  try {
    await host.connect();
    // Whoever closes the port last resets how it was set up.
    await guest.run(
      'sed -i /ttyS1/d /etc/inittab; kill -HUP 1; sleep 1; exec 3<>/dev/ttyS1; stty -F /dev/ttyS1 raw -echo',
    );
    const flows = { ours: [] as Flow[], virsh: [] as Flow[] };
    for (let round = 0; round < ROUNDS; round++) {
      flows.ours.push(await ours(guest, host));
      flows.virsh.push(await virsh(guest, daemon.uri));
    }
    for (const flow of flows.ours) checkWhole('us', flow);
    for (const flow of flows.virsh) checkWhole('virsh', flow);
    const ourMs = median(flows.ours.map(({ ms }) => ms));
    const virshMs = median(flows.virsh.map(({ ms }) => ms));
    await guest.run('stty -F /dev/ttyS1 raw echo');
    const echo = await ourEcho(guest, host);
    const bare = await bareEcho(guest);
    const { firstFrameMs, updatesPerSecond } = await display(daemon, guest);
    return {
      throughput_vs_virsh: virshMs / ourMs,
      mib_per_s: expectedBytes / MIB / (ourMs / 1000),
      virsh_mib_per_s: expectedBytes / MIB / (virshMs / 1000),
      bytes_lost: flows.ours.reduce((lost, { bytes }) => lost + expectedBytes - bytes, 0),
      echo_p50_ms: quantile(echo, 0.5),
      echo_p99_ms: quantile(echo, 0.99),
      bare_echo_p50_ms: quantile(bare, 0.5),
      bare_echo_p99_ms: quantile(bare, 0.99),
      echo_added_p50_ms: quantile(echo, 0.5) - quantile(bare, 0.5),
      echo_added_p99_ms: quantile(echo, 0.99) - quantile(bare, 0.99),
      vnc_first_frame_ms: firstFrameMs,
      vnc_updates_per_s: updatesPerSecond,
    };
  } finally {
    host.disconnect();
  }
}
