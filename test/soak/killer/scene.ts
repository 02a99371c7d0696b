import { join } from 'node:path';
import { execa } from 'execa';
import { connect } from '../../../src/client/libvirt/connect.ts';
import { KvmYaml } from '../../support/kvm-yaml.ts';

/** Where everything is that operations work on; plain, so that a child process can be told. */
export interface Places {
  /** A small disk, on which everything is written but what the daemon keeps for itself. */
  readonly disk: string;
  /** The folder on it that a window has open. */
  readonly workspace: 'workspace' | 'other-workspace';
  /** What operations start from, beside the small disk. */
  readonly sources: string;
  readonly uri: string;
  /** Of a server of images. */
  readonly images: string;
  /** A kernel that QEMU can read. */
  readonly kernel: string;
  /** Digests of the sources, which what was made of them is compared with. */
  readonly sha256: Readonly<Record<'raw', string>>;
}

/** A folder as a window has one open, with its connection to the host: in this process, or in one that is killed. */
export class Scene implements AsyncDisposable {
  readonly places: Places;
  readonly signal: AbortSignal;
  #kvm: Promise<KvmYaml> | undefined;

  /** @param patienceMs nothing takes longer unless it hangs */
  constructor(places: Places, patienceMs = 60_000) {
    this.places = places;
    this.signal = AbortSignal.timeout(patienceMs);
  }

  /** In the workspace. */
  file(...names: readonly string[]): string {
    return join(this.places.disk, this.places.workspace, ...names);
  }

  source(name: string): string {
    return join(this.places.sources, name);
  }

  /** In the folder of the host's pool. */
  volume(name: string): string {
    return join(this.places.disk, 'pool', name);
  }

  /** In the file system of the guest. */
  guest(...names: readonly string[]): string {
    return join(this.places.disk, 'guest', ...names);
  }

  /** The first part of the names of its guests: all names of what operations make begin alike. */
  get prefix(): string {
    return this.places.workspace === 'workspace' ? 'k' : 'k-other';
  }

  /** The workspace with its host. */
  kvm(): Promise<KvmYaml> {
    this.#kvm ??= connect(this.places.uri, this.signal).then(
      (connection) => new KvmYaml(connection, this.file()),
    );
    return this.#kvm;
  }

  async virsh(...args: readonly string[]): Promise<string> {
    const { stdout } = await execa('virsh', ['-q', '-c', this.places.uri, ...args], { stdin: 'ignore' });
    return stdout.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#kvm === undefined) return;
    const kvm = await this.#kvm.catch(() => undefined);
    kvm?.services.forwards.closeAll();
    kvm?.connection.close();
  }
}

/** Something that takes several steps, and can end before any of them. */
export interface Operation {
  readonly name: string;
  readonly usesHost: boolean;
  /** Only one of two can do it: the other is told that it is done. */
  readonly isOnce?: boolean;
  /** Makes what it works on. */
  prepare?(scene: Scene): Promise<void>;
  /** All of it: at first, and again after it was ended in the middle. */
  run(scene: Scene): Promise<void>;
  /** Right after it was ended in the middle: nothing half is where something whole is looked for. */
  inspect?(scene: Scene): Promise<void>;
  /** All of it is there, and whole. */
  verify(scene: Scene): Promise<void>;
  /** Removes it. Nothing of it is there then. */
  undo(scene: Scene): Promise<void>;
}
