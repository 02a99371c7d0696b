import { t } from '@vscode/l10n';
import type { Host } from '../../../model/inventory/host.ts';
import { quoted } from '../../ui/names.ts';
import { configuredHosts, saveHosts } from '../../ui/settings.ts';
import type { CommandContext } from '../context.ts';
import { inform } from '../../ui/notices.ts';

/** Takes a host out of the settings; nothing on the host itself changes. */
export async function removeHost(_: CommandContext, host: Host): Promise<void> {
  const kept = configuredHosts().filter(({ uri }) => uri !== host.definition.uri);
  if (kept.length === configuredHosts().length) {
    const name = quoted(host.name);
    await inform(
      t('{0} was found on this machine, not added. The setting kvm.showLocalHosts hides such hosts.', name),
    );
    return;
  }
  await saveHosts(kept);
}
