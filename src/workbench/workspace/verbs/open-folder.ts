import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { displayName } from '../../ui/names.ts';
import {
  includeGuests,
  includeLine,
  includesGuests,
  noteSshHost,
  personalSshConfig,
} from '../../../engines/environment/access/ssh-config.ts';
import type { Environments } from '../environments.ts';
import { type LoggedIn, logIn, openSsh } from './ssh.ts';
import { inform } from '../../ui/notices.ts';

/** Microsoft's, and the free one of other builds: both know hosts by the ssh config. */
const EXTENSIONS = ['ms-vscode-remote.remote-ssh', 'jeanp413.open-remote-ssh'];

/** Opens a folder of a guest in a window of its own, by the Remote-SSH extension. */
export async function openFolderInGuest(environments: Environments, given: unknown): Promise<void> {
  const why = whyNot();
  if (why !== undefined) {
    const [find, terminal] = [t('Find Extension'), t('Open Terminal Instead')];
    const actions = why.installable ? [find, terminal] : [terminal];
    const answer = await inform(why.text, ...actions);
    if (answer === find)
      await vscode.commands.executeCommand('workbench.extensions.search', `@id:${EXTENSIONS[0]}`);
    if (answer === terminal) await openSsh(environments, given);
    return;
  }
  const found = await logIn(environments, given, t('Open a Folder in Which Guest?'));
  if (found === undefined) return;
  const { guest } = found;
  try {
    const folder = await vscode.window.showInputBox({
      title: t('Open Folder in {0}', displayName(guest.name)),
      prompt: t('The folder in the guest.'),
      value: suggestedFolder(found),
      validateInput: (text) =>
        text.startsWith('/') ? undefined : t('Enter the whole path, beginning with “/”.'),
    });
    if (folder === undefined) return;
    const root = join(environments.parts.storage.fsPath, 'environments');
    const host = await noteSshHost(environments.services(found.entry).folder, found.keys, found.target);
    if (!(await offerInclude(root))) return;
    const uri = vscode.Uri.from({ scheme: 'vscode-remote', authority: `ssh-remote+${host}`, path: folder });
    // This window keeps the ways to guests that only it leads to.
    await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
  } catch (error) {
    await environments.parts.presenter.failure(t('Could not open a folder in “{0}”.', guest.name), error);
  }
}

function whyNot(): { readonly text: string; readonly installable: boolean } | undefined {
  if (vscode.env.remoteName !== undefined)
    return {
      text: t(
        'This window works on a remote machine. Remote - SSH runs on your own machine and cannot reach the guests of the remote one.',
      ),
      installable: false,
    };
  if (EXTENSIONS.some((id) => vscode.extensions.getExtension(id) !== undefined)) return undefined;
  return {
    text: t('Opening a folder in a guest needs the extension Remote - SSH, which is not installed.'),
    installable: true,
  };
}

function suggestedFolder({ guest, target }: LoggedIn): string {
  return guest.mounts[0]?.target ?? (target.user === 'root' ? '/root' : `/home/${target.user}`);
}

/** One line in the person's own config, after asking: without it, Remote-SSH knows no guest. */
async function offerInclude(environments: string): Promise<boolean> {
  const setting = vscode.workspace.getConfiguration('remote.SSH').get('configFile');
  const config =
    typeof setting === 'string' && setting !== ''
      ? setting.replace(/^~(?=\/)/u, homedir())
      : personalSshConfig();
  if (await includesGuests(config, environments)) return true;
  const add = t('Add Line');
  const answer = await inform(
    t('Add the guests of your workspaces to {0}?', config),
    {
      modal: true,
      detail: [
        t('Remote - SSH finds its hosts there. This line is added at the top, once; nothing else changes:'),
        includeLine(environments),
      ].join('\n\n'),
    },
    add,
  );
  if (answer !== add) return false;
  await includeGuests(config, environments);
  return true;
}
