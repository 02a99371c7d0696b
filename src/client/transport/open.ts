import { t } from '@vscode/l10n';
import type { Channel } from '../rpc/channel.ts';
import type { Attempt } from './ask.ts';
import type { HostAddress } from './dial.ts';
import { TransportError } from './error.ts';
import type { FolderFiles, FolderQuery } from './read-folder.ts';
import type { SshHosts } from './ssh.ts';
import { leadsHere, type LibvirtUri, transportOf } from './uri.ts';

/** Makes byte streams to daemons, asking a person where that is needed. */
export class Transports {
  readonly #askpassProgram: string | undefined;
  #ssh: Promise<SshHosts> | undefined;

  /** A bundle names its own copy of askpass-main; from source it is found by itself. */
  constructor(askpassProgram?: string) {
    this.#askpassProgram = askpassProgram;
  }

  /** Turns a URI into a byte stream to its daemon. @throws TransportError with what to do next. */
  async open(uri: LibvirtUri, { signal, ask }: Attempt): Promise<Channel> {
    switch (transportOf(uri)) {
      case 'unix':
        return (await import('./unix.ts')).openUnix(uri, signal);
      case 'ssh':
        return (await (this.#ssh ??= this.#loadSsh())).openDaemon(uri, { signal, ask });
      case 'tls':
        return (await import('./tls.ts')).openTls(uri, signal);
      case 'tcp':
        return (await import('./tcp.ts')).openTcp(uri, signal);
      default:
        throw new TransportError(
          'unsupported',
          t('The transport “{0}” is not supported', transportOf(uri)),
          t('Use unix, ssh, tls or tcp, for example qemu+ssh://user@host/system.'),
        );
    }
  }

  /**
   * Connects to a port or a unix socket on the machine that a URI leads to. An ssh host is reached through its
   * one connection, and nothing listens on this machine for it. The channel's `closed` has no reason when the
   * far end just hung up; over ssh, a refusal may come only with it.
   * @throws TransportError.
   */
  async dial(uri: LibvirtUri, to: HostAddress, { signal, ask }: Attempt): Promise<Channel> {
    const { checkAddress, dialHere, dialNetwork } = await import('./dial.ts');
    checkAddress(to);
    if (transportOf(uri) === 'ssh')
      return (await (this.#ssh ??= this.#loadSsh())).dial(uri, to, { signal, ask });
    if (uri.host === undefined || leadsHere(uri)) return dialHere(to, signal);
    return dialNetwork(uri.host, to, signal);
  }

  /**
   * Reads the small text files of a folder on the machine that a URI leads to: from the disk where it is this
   * machine, over the one connection where it is an ssh host.
   * @throws TransportError; `unsupported` for a host that is reached in another way.
   */
  async readFolder(uri: LibvirtUri, query: FolderQuery, { signal, ask }: Attempt): Promise<FolderFiles> {
    if (transportOf(uri) === 'ssh')
      return (await (this.#ssh ??= this.#loadSsh())).readFolder(uri, query, { signal, ask });
    if (uri.host === undefined || leadsHere(uri))
      return (await import('./read-folder.ts')).readFolderHere(query);
    throw new TransportError('unsupported', t('The files of {0} can only be read over ssh', uri.host));
  }

  /** Ends what connections share. Those that are still open end with it. */
  async dispose(): Promise<void> {
    await (await this.#ssh)?.dispose();
  }

  /** Loaded when first needed: most people have local hosts only. */
  async #loadSsh(): Promise<SshHosts> {
    const { SshHosts } = await import('./ssh.ts');
    return new SshHosts(this.#askpassProgram);
  }
}

/**
 * A channel that shares nothing: `transports`, and so what it needed, such as an ssh connection, is gone when it
 * is `closed`.
 */
export async function openAlone(
  uri: LibvirtUri,
  attempt: Attempt,
  transports = new Transports(),
): Promise<Channel> {
  try {
    const channel = await transports.open(uri, attempt);
    const closed = channel.closed.then(async (reason) => {
      await transports.dispose();
      return reason;
    });
    return { ...channel, closed };
  } catch (error) {
    await transports.dispose();
    throw error;
  }
}
