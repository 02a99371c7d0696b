import { posix } from 'node:path';
import { shellWord } from '../../../client/transport/remote-shell.ts';
import { t } from '@vscode/l10n';
import type { Phase } from '../deploy/phase.ts';
import { mountTag } from '../deploy/build-guest.ts';
import { child, children, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import type { RunningGuest } from './reach.ts';
import { mountOptions } from './seed.ts';
import type { SshKeys } from './ssh-keys.ts';
import { runOverSsh, type SshTarget } from './ssh-run.ts';

/** Mounts the guest's folders that are not mounted yet. cloud-init mounts only those of the first boot. */
export async function mountFolders(
  { guest, host, ref }: RunningGuest,
  keys: SshKeys,
  target: SshTarget,
  { signal, report }: { signal: AbortSignal; report: (phase: Phase) => void },
): Promise<void> {
  if (guest.mounts.length === 0) return;
  const drivers = driversOf(await host.connection.domains.xml(ref));
  for (const [index, mount] of guest.mounts.entries()) {
    const tag = mountTag(index);
    const driver = drivers.get(tag);
    // A folder that was added while the guest ran is there after its next start.
    if (driver === undefined) continue;
    report({ kind: 'mount', target: mount.target });
    const options = mountOptions(driver, mount.readonly).replace(',nofail', '');
    const place = shellWord(mount.target);
    // As the kernel lists it; small systems have no mountpoint(1).
    const listed = ` ${posix
      .normalize(`${mount.target}/`)
      .slice(0, -1)
      .replaceAll(' ', String.raw`\040`)} `;
    const command = `grep -qF ${shellWord(listed)} /proc/mounts || { as=; [ "$(id -u)" = 0 ] || as='sudo -n'; $as mkdir -p ${place} && $as mount -t ${driver} -o ${options} ${tag} ${place}; }`;
    const { exitCode, output } = await runOverSsh(keys, target, command, { signal, timeoutMs: 60_000 });
    if (exitCode !== 0) throw new Error(t('The guest could not mount {0}: {1}', mount.target, output.trim()));
  }
}

function driversOf(liveXml: string): ReadonlyMap<string, 'virtiofs' | '9p'> {
  const devices = child(child(parseXml(liveXml), 'domain'), 'devices');
  return new Map(
    children(devices, 'filesystem').map((each) => [
      text(child(each, 'target'), '@dir') ?? '',
      text(child(each, 'driver'), '@type') === 'virtiofs' ? 'virtiofs' : '9p',
    ]),
  );
}
