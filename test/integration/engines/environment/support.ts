import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddedImage } from '../../../../src/engines/environment/images/image-store.ts';
import { connect, type Connection } from '../../../../src/client/libvirt/connect.ts';
import { KvmYaml } from '../../../support/kvm-yaml.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';

/** Why nothing has to be copied for QEMU here, in a test's words. */
export const asOwner = process.getuid?.() !== 0 && 'The QEMU of a user reads what that user may read';

/** A folder with a kvm.yaml, and a daemon for its guests. */
export class EnvironmentBench extends KvmYaml implements AsyncDisposable {
  readonly daemon: PrivateDaemon;

  private constructor(
    daemon: PrivateDaemon,
    connection: Connection,
    folder: string,
    catalogue: readonly AddedImage[],
  ) {
    super(connection, folder, catalogue);
    this.daemon = daemon;
  }

  /**
   * @param uriOf another way to the daemon than its socket
   * @param catalogue the images that can be named
   */
  static async open(
    options: Parameters<typeof startPrivateDaemon>[0] = {},
    uriOf: (daemon: PrivateDaemon) => string = ({ uri }) => uri,
    catalogue: readonly AddedImage[] = [],
  ): Promise<EnvironmentBench> {
    await using undo = new AsyncDisposableStack();
    const daemon = undo.use(await startPrivateDaemon(options));
    const folder = await mkdtemp(join(tmpdir(), 'kvm-env-'));
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const connection = await connect(uriOf(daemon), AbortSignal.timeout(20_000));
    undo.move();
    return new EnvironmentBench(daemon, connection, folder, catalogue);
  }

  /** What there is on the host, by kind: compared before and after. */
  async inventory(): Promise<Record<string, string>> {
    const list = async (...args: string[]) => this.daemon.virsh(...args);
    return {
      domains: await list('list', '--all', '--name'),
      networks: await list('net-list', '--all', '--name'),
      pools: await list('pool-list', '--all', '--name'),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.services.forwards.closeAll();
    this.connection.close();
    await this.daemon.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}
