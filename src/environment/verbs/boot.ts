import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { domainXml } from '../../guest/domain-xml.ts';
import type { GuestSpec } from '../../guest/guest-spec.ts';
import { StartDomain } from '../../libvirt/domain.ts';
import { closedFolders } from '../deploy/environment-host.ts';
import { howToBoot } from '../images/how-to-boot.ts';
import type { Environments } from '../workspace/environments.ts';

/**
 * Boots a file of the explorer: a kernel or ELF directly, a CD-ROM or disk image from its boot sector. The guest is
 * transient, gone when it stops; what it writes to a disk image goes with it.
 */
export async function bootFile(environments: Environments, given: unknown): Promise<void> {
  const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) return;
  const { presenter } = environments.parts;
  const path = uri.fsPath;
  try {
    if (!vscode.workspace.isTrusted) throw new Error('this workspace is not trusted');
    const host = await environments.hosts.connect(undefined);
    if (!host.isLocal) throw new Error(`${host.name} is another machine, and the file is here`);
    const [closed] = host.isSession ? [] : await closedFolders(path);
    if (closed !== undefined)
      throw new Error(
        `QEMU cannot read it: its user may not go through ${closed}. Move the file, or open that folder (x) to it`,
      );
    const name = `boot-${basename(path)
      .replaceAll(/[^A-Za-z0-9._-]/gu, '-')
      .slice(0, 30)}-${randomBytes(2).toString('hex')}`;
    const type = (await host.guestTypes('x86_64')).has('kvm') ? 'kvm' : 'qemu';
    const spec: GuestSpec = { name, type, ...(await howToBoot(path)) };
    const { domains } = host.connection;
    const domain = await domains.createXml(domainXml(spec), StartDomain.PAUSED);
    const { id } = await environments.hosts.host(undefined);
    // Attached before the first instruction, so that nothing of it is missed.
    await environments.parts.openConsole(id, domain.uuid);
    await domains.resume(domain);
  } catch (error) {
    await presenter.failure(`Could not boot ${basename(path)}`, error);
  }
}
