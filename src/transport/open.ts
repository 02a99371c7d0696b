import type { Channel } from '../rpc/channel.ts';
import { type Ask, askNobody } from './ask.ts';
import { TransportError } from './error.ts';
import { openUnix } from './unix.ts';
import type { LibvirtUri } from './uri.ts';

/** What an attempt to connect works with. */
export interface Attempt {
  readonly signal: AbortSignal;
  readonly ask: Ask;
}

/** Makes byte streams to daemons, asking a person where that is needed. */
export class Transports {
  readonly #ask: Ask;

  constructor(ask: Ask = askNobody) {
    this.#ask = ask;
  }

  get ask(): Ask {
    return this.#ask;
  }

  /** Turns a URI into a byte stream to its daemon. @throws TransportError with what to do next. */
  async open(uri: LibvirtUri, signal: AbortSignal): Promise<Channel> {
    switch (transportOf(uri)) {
      case 'unix':
        return openUnix(uri, signal);
      case 'ssh':
        // Loaded when first needed: most people have local hosts only.
        return (await import('./ssh.ts')).openSsh(uri, signal);
      default:
        throw new TransportError(
          'unsupported',
          `The transport “${transportOf(uri)}” is not supported`,
          'Use a local URI such as qemu:///system, or ssh: qemu+ssh://user@host/system.',
        );
    }
  }
}

/** As in libvirt: a URI with a host but no transport means TLS. */
function transportOf(uri: LibvirtUri): string {
  return uri.transport ?? (uri.host === undefined ? 'unix' : 'tls');
}
