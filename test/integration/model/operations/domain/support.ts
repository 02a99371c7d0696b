import { after, before } from 'node:test';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { Host } from '../../../../../src/model/inventory/host.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../../support/private-daemon.ts';

/** What the tests of operations share: a daemon, and the host that follows it. */
export interface OperationBench {
  readonly daemon: PrivateDaemon;
  readonly host: Host;
  /** Defines a guest that boots tiny-os, as it is or changed by `edit`. */
  define(name: string, edit?: (xml: string) => string): Promise<DomainTarget>;
}

export function useOperationBench(): OperationBench {
  let daemon: PrivateDaemon | undefined;
  let host: Host | undefined;
  before(async () => {
    daemon = await startPrivateDaemon();
    host = new Host({ name: 'lab', uri: daemon.uri, origin: 'configured' });
    await host.connect();
  });
  after(async () => {
    host?.disconnect();
    await daemon?.dispose();
  });
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('The bench is there once its tests run');
    return value;
  };
  return {
    get daemon() {
      return there(daemon);
    },
    get host() {
      return there(host);
    },
    async define(name, edit) {
      await this.daemon.defineTinyOs(name);
      if (edit !== undefined)
        await this.daemon.define(edit(await this.daemon.virsh('dumpxml', '--inactive', name)));
      const uuid = await this.daemon.virsh('domuuid', name);
      await this.host.refresh({ kind: 'domain', key: uuid });
      return new DomainTarget(this.host, uuid);
    },
  };
}
