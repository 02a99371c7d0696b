import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentHost } from '../../src/engines/environment/deploy/environment-host.ts';
import { Forwards } from '../../src/engines/environment/deploy/forwards.ts';
import { workspaceId } from '../../src/engines/environment/deploy/names.ts';
import type { Phase } from '../../src/engines/environment/deploy/phase.ts';
import { type EnvironmentPlan, planEnvironment } from '../../src/engines/environment/deploy/plan.ts';
import type { Services } from '../../src/engines/environment/deploy/services.ts';
import { up, type UpResult } from '../../src/engines/environment/deploy/up.ts';
import { fileKind, loadEnvironment } from '../../src/engines/environment/file/load.ts';
import type { Environment } from '../../src/engines/environment/file/model.ts';
import { type AddedImage, ImageStore } from '../../src/engines/environment/images/image-store.ts';
import type { Connection } from '../../src/client/libvirt/connect.ts';
import { labOver } from './lab-over.ts';
import type { LinuxKernel } from './linux-guest.ts';

/** The `xml` of a guest that has a disk, but starts from a kernel of the host: the last lines of it. */
export function bootOf({ kernel, initrd }: LinuxKernel): string {
  return `    xml: |
      <domain>
        <os>
          <kernel>${kernel}</kernel>
          <initrd>${initrd}</initrd>
          <cmdline>console=ttyS0 quiet cryptomgr.notests</cmdline>
        </os>
      </domain>
`;
}

/** A folder with a kvm.yaml, and a host for its guests. */
export class KvmYaml {
  readonly connection: Connection;
  readonly host: EnvironmentHost;
  readonly folder: string;
  readonly file: string;
  readonly services: Services;
  readonly phases: (readonly [string, Phase])[] = [];
  output = '';

  readonly #catalogue: readonly AddedImage[];

  /** @param catalogue the images that can be named */
  constructor(connection: Connection, folder: string, catalogue: readonly AddedImage[] = []) {
    this.#catalogue = catalogue;
    this.connection = connection;
    this.host = new EnvironmentHost(labOver(connection), connection);
    this.folder = folder;
    this.file = join(folder, 'kvm.yaml');
    this.services = {
      id: workspaceId(this.file),
      file: this.file,
      folder: join(folder, 'environments', workspaceId(this.file)),
      images: new ImageStore(join(folder, '.images'), () => catalogue),
      forwards: new Forwards(),
      report: (guest, phase) => void this.phases.push([guest, phase]),
      output: (_guest, text) => void (this.output += text),
      acceleration: () => undefined,
      stalled: () => undefined,
    };
  }

  async load(text: string): Promise<Environment> {
    await writeFile(this.file, text);
    const { environment, problems } = await loadEnvironment(text, this.file, {
      exists: fileKind,
      images: this.#catalogue.map(({ name }) => name),
    });
    if (environment === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
    return environment;
  }

  plan(environment: Environment): Promise<EnvironmentPlan> {
    return planEnvironment(environment, async () => this.host);
  }

  async up(
    text: string,
    signal = AbortSignal.timeout(120_000),
    bootTimeoutMs = 120_000,
  ): Promise<readonly UpResult[]> {
    const environment = await this.load(text);
    const results = await up(environment, await this.plan(environment), this.services, {
      signal,
      bootTimeoutMs,
    });
    for (const { error } of results) if (error !== undefined) throw error;
    return results;
  }
}
