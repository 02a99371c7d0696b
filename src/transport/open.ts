import type { Channel } from '../rpc/channel.ts';
import { TransportError } from './error.ts';
import { openUnix } from './unix.ts';
import type { LibvirtUri } from './uri.ts';

/** Turns a URI into a byte stream to its daemon. @throws TransportError with what to do next. */
export async function openTransport(uri: LibvirtUri, signal: AbortSignal): Promise<Channel> {
  switch (transportOf(uri)) {
    case 'unix':
      return openUnix(uri, signal);
    case 'ssh':
      // Loaded when first needed: most people have local hosts only.
      return (await import('./ssh.ts')).openSsh(uri, signal);
    default:
      throw new TransportError(
        'unsupported',
        `The transport “${transportOf(uri)}” is not supported yet`,
        'Use a local URI such as qemu:///system, or ssh: qemu+ssh://user@host/system.',
      );
  }
}

/** As in libvirt: a URI with a host but no transport means TLS. */
function transportOf(uri: LibvirtUri): string {
  return uri.transport ?? (uri.host === undefined ? 'unix' : 'tls');
}
