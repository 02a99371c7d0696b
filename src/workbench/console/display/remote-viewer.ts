import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { execa } from 'execa';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { withTemporaryFolder } from '../../../model/files/temporary.ts';
import { isThisMachine } from '../../../model/inventory/place.ts';
import { TransportError } from '../../../client/transport/error.ts';
import type { SpiceWay } from './graphics.ts';
import { viewerFile } from './viewer-file.ts';

/**
 * Opens a SPICE display in the program made for it. A display of another machine goes through the host's own
 * connection, by a private socket that is there as long as the program runs.
 */
export async function openRemoteViewer(target: DomainTarget, way: SpiceWay): Promise<void> {
  const connection = await target.host.connect();
  const title = target.name;
  if (isThisMachine(connection.uri) && way.socket === undefined) {
    // In a file that only this user can read, since everybody can read a command line.
    await withTemporaryFolder(join(tmpdir(), 'kvm-viewer'), async (folder) => {
      const file = join(folder, 'display.vv');
      await writeFile(file, viewerFile(way, title), { mode: 0o600 });
      await run(file);
    });
    return;
  }
  const { port, address, socket } = way;
  if (socket === undefined && port === undefined)
    throw new TransportError(
      'unsupported',
      t('The SPICE display only accepts TLS connections'),
      t('Add a VNC display.'),
    );
  const to = socket === undefined ? { port: port ?? 0, address } : { path: socket };
  await using undo = new AsyncDisposableStack();
  const local = await connection.openLocalSocket(to, () => undefined);
  undo.defer(() => local.dispose());
  await run(`spice+unix://${local.path}`);
}

/** Settles when the viewer’s window is closed. */
async function run(what: string): Promise<void> {
  const { code, failed, stderr } = await execa('remote-viewer', ['--', what], {
    stdin: 'ignore',
    stdout: 'ignore',
    reject: false,
  });
  if (code === 'ENOENT')
    throw new TransportError(
      'no-program',
      t('remote-viewer was not found'),
      t('Install it (the package virt-viewer) where VS Code’s extensions run, or add a VNC display.'),
    );
  if (failed) throw new Error(t('remote-viewer failed: {0}', stderr.trim().split('\n').at(-1) ?? ''));
}
