import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { titleOf } from '../../ui/commands.ts';
import type { Environments } from '../environments.ts';
import { exists } from './edit-file.ts';
import { inform } from '../../ui/notices.ts';

/** The file that a workspace begins with. */
function contents(): string {
  const [up, destroy] = [titleOf('kvm.environment.up'), titleOf('kvm.environment.destroy')];
  const comment = t('Guests of this workspace. “KVM: {0}” runs them, “KVM: {1}” deletes them.', up, destroy);
  // not for people: Up reads it
  return `# ${comment}
guests:
  dev:
    image: debian-13
    cpus: 2
    memory: 2 GiB
    disk: 20 GiB
    # ports: ['8080:80']
    # mounts: ['.:/work']
    # provision: [setup.sh]
`;
}

/** Opens the kvm.yaml of the workspace, and makes one to begin with where there is none. */
export async function newFile(environments: Environments): Promise<void> {
  const uri = await fileForGuests();
  if (uri === undefined) return;
  if (environments.entry(uri) === undefined && !(await exists(uri))) {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(contents()));
  }
  await vscode.window.showTextDocument(uri, { preview: false });
  await environments.findFiles();
}

/** At the top of the workspace; where no folder is open, somewhere that the person chooses. */
export async function fileForGuests(): Promise<vscode.Uri | undefined> {
  const [first, second] = vscode.workspace.workspaceFolders ?? [];
  const folder =
    second === undefined
      ? first
      : await vscode.window.showWorkspaceFolderPick({ placeHolder: t('Create it in which folder?') });
  if (folder !== undefined) return vscode.Uri.joinPath(folder.uri, 'kvm.yaml');
  if (second !== undefined) return undefined;
  void inform(t('Open a folder first: its kvm.yaml keeps the guests.'));
  return undefined;
}
