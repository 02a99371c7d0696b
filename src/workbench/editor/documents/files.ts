import * as vscode from 'vscode';
import { register } from '../../ui/commands.ts';
import { DisposableList } from '../../ui/disposable-list.ts';
import { LIBVIRT_SCHEME } from '../../ui/domain-uri.ts';
import { Lazy } from '../../ui/lazy.ts';
import type { DocumentContext } from './document-context.ts';
import type { HostDocuments } from './host-documents.ts';

/**
 * The `libvirt:` file system: what hosts have, as files that can be edited and saved. Nothing behind it is loaded
 * before the first document is opened.
 */
export class LibvirtFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  readonly #documents: Lazy<HostDocuments>;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #registrations: DisposableList;

  constructor(context: DocumentContext) {
    this.#documents = new Lazy(async () => {
      const { HostDocuments } = await import('./host-documents.ts');
      return new HostDocuments(context, (changes) => this.#changed.fire([...changes]));
    });
    this.onDidChangeFile = this.#changed.event;
    this.#registrations = new DisposableList(
      vscode.workspace.registerFileSystemProvider(LIBVIRT_SCHEME, this, { isCaseSensitive: true }),
      register('kvm.document.save', async () => {
        const { saveInFront } = await import('./save-command.ts');
        await saveInFront(await this.#documents.get());
      }),
    );
  }

  /** Open documents are followed, watched or not. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (!uri.path.endsWith('.xml')) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return (await this.#documents.get()).stat(uri);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.#documents.get()).read(uri);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    await (await this.#documents.get()).write(uri, Buffer.from(content).toString('utf8'));
  }

  /** Empty, so that file pickers do not fail: the tree shows what there is. */
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#registrations.dispose();
    this.#changed.dispose();
    this.#documents.dispose();
  }
}
