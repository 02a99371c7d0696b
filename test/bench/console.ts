import { DomainTarget } from '../../src/model/inventory/domain-target.ts';
import { Host } from '../../src/model/inventory/host.ts';
import { startPrivateDaemon } from '../support/private-daemon.ts';
import { display } from './console/display.ts';
import { bareEcho, ourEcho } from './console/echo.ts';
import { FLOOD, startFlood } from './console/flood.ts';
import { BenchGuest } from './console/guest.ts';
import { expectedHash, type Flow, ours, SIZE, virsh } from './console/throughput.ts';
import { quantile } from './tree/statistics.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [...requirements.libvirt, ...requirements.tinyOs, extras.script],
  workbench: true,
};

/** They take turns, so that whatever else goes on here is shared. */
const ROUNDS = 4;
const MIB = 1024 * 1024;

function sum(flows: readonly Flow[], what: 'ms' | 'bytes'): number {
  return flows.reduce((total, flow) => total + flow[what], 0);
}

function checkWhole(who: string, { hash, bytes }: Flow): void {
  if (hash !== expectedHash())
    throw new Error(`What came to ${who} is not what the guest sent: ${bytes} of ${SIZE} bytes`);
}

/**
 * 64 MiB of a guest's virtio console, in turn with `virsh console`: an emulated 16550 gives some 100 KiB/s. A key's
 * way there and back at a serial port of a Linux guest, against the guest's bare pseudo terminal; and its display in
 * a real workbench. Throughput and keys are ours up to the text that is handed to VS Code.
 */
export async function run(): Promise<Record<string, number>> {
  await using daemon = await startPrivateDaemon();
  await startFlood(daemon);
  await using guest = await BenchGuest.start(daemon);
  const host = new Host({ name: 'bench', uri: daemon.uri, origin: 'local' });
  try {
    await host.connect();
    const target = new DomainTarget(host, await daemon.virsh('domuuid', FLOOD));
    const flows = { ours: [] as Flow[], virsh: [] as Flow[] };
    for (let round = 0; round < ROUNDS; round++) {
      flows.ours.push(await ours(target));
      flows.virsh.push(await virsh(daemon.uri));
    }
    for (const flow of flows.virsh) checkWhole('virsh', flow);
    for (const flow of flows.ours) checkWhole('us', flow);
    const ourMs = sum(flows.ours, 'ms');
    const virshMs = sum(flows.virsh, 'ms');
    // Whoever closes the port last resets how it was set up.
    await guest.run(
      'sed -i /ttyS1/d /etc/inittab; kill -HUP 1; sleep 1; exec 3<>/dev/ttyS1; stty -F /dev/ttyS1 raw echo',
    );
    const echo = await ourEcho(guest, host);
    const bare = await bareEcho(guest);
    const { firstFrameMs, updatesPerSecond } = await display(daemon, guest);
    return {
      throughput_vs_virsh: virshMs / ourMs,
      mib_per_s: (ROUNDS * SIZE) / MIB / (ourMs / 1000),
      virsh_mib_per_s: (ROUNDS * SIZE) / MIB / (virshMs / 1000),
      bytes_lost: ROUNDS * SIZE - sum(flows.ours, 'bytes'),
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
