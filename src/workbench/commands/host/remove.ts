import { t } from '@vscode/l10n';
import type { Host } from '../../../model/inventory/host.ts';
import { quoted } from '../../ui/names.ts';
import { inform } from '../../ui/notices.ts';
import { configuredHosts, saveHosts } from '../../ui/settings.ts';
import type { CommandContext } from '../context.ts';

/** Takes a host out of the settings, to which it can be put back; nothing on the host itself changes. */
export async function removeHost(_: CommandContext, host: Host): Promise<void> {
  const before = configuredHosts();
  const at = before.findIndex(({ uri }) => uri === host.definition.uri);
  const removed = before[at];
  const name = quoted(host.name);
  if (removed === undefined) {
    await inform(
      t('{0} was found on this machine, not added. The setting kvm.showLocalHosts hides such hosts.', name),
    );
    return;
  }
  await saveHosts(before.filter(({ uri }) => uri !== removed.uri));
  const undo = t('Undo');
  if ((await inform(t('{0} was removed from the list.', name), undo)) !== undo) return;
  // Others may have come and gone meanwhile.
  const now = configuredHosts();
  if (now.every(({ uri }) => uri !== removed.uri)) await saveHosts(now.toSpliced(at, 0, removed));
}
