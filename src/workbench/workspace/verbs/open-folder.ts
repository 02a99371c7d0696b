import { homedir } from 'node:os';
import { join } from 'node:path';
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

/** Microsoft's, and the free one of other builds: both know hosts by the ssh config. */
const EXTENSIONS = ['ms-vscode-remote.remote-ssh', 'jeanp413.open-remote-ssh'];

const TERMINAL = 'Open Terminal Instead';
const FIND = 'Find Extension';

/** Opens a folder of a guest in a window of its own, by the Remote-SSH extension. */
export async function openFolderInGuest(environments: Environments, given: unknown): Promise<void> {
  const why = whyNot();
  if (why !== undefined) {
    const actions = why.installable ? [FIND, TERMINAL] : [TERMINAL];
    const answer = await vscode.window.showInformationMessage(why.text, ...actions);
    if (answer === FIND)
      await vscode.commands.executeCommand('workbench.extensions.search', `@id:${EXTENSIONS[0]}`);
    if (answer === TERMINAL) await openSsh(environments, given);
    return;
  }
  const found = await logIn(environments, given, 'Open a Folder in Which Guest?');
  if (found === undefined) return;
  const { guest } = found;
  try {
    const folder = await vscode.window.showInputBox({
      title: `Open Folder in ${displayName(guest.name)}`,
      prompt: 'The folder in the guest.',
      value: suggestedFolder(found),
      validateInput: (text) => (text.startsWith('/') ? undefined : 'A whole path, from / on.'),
    });
    if (folder === undefined) return;
    const root = join(environments.parts.storage.fsPath, 'environments');
    const host = await noteSshHost(environments.services(found.entry).folder, found.keys, found.target);
    if (!(await offerInclude(root))) return;
    const uri = vscode.Uri.from({ scheme: 'vscode-remote', authority: `ssh-remote+${host}`, path: folder });
    // This window keeps the ways to guests that only it leads to.
    await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
  } catch (error) {
    await environments.parts.presenter.failure(`Could not open a folder in “${guest.name}”`, error);
  }
}

function whyNot(): { readonly text: string; readonly installable: boolean } | undefined {
  if (vscode.env.remoteName !== undefined)
    return {
      text: 'This window itself works on another machine, whose guests Remote - SSH of the machine before you does not reach.',
      installable: false,
    };
  if (EXTENSIONS.some((id) => vscode.extensions.getExtension(id) !== undefined)) return undefined;
  return {
    text: 'A folder in a guest is opened by the extension Remote - SSH, which is not installed.',
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
  const add = 'Add Line';
  const answer = await vscode.window.showInformationMessage(
    `Let ${config} know the guests of your workspaces?`,
    {
      modal: true,
      detail: `Remote - SSH finds its hosts there. This line is put first; it is added once, and nothing else is changed:\n\n${includeLine(environments)}`,
    },
    add,
  );
  if (answer !== add) return false;
  await includeGuests(config, environments);
  return true;
}
