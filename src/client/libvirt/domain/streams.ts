import { t } from '@vscode/l10n';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/stream.ts';
import type { RpcStream } from '../../rpc/stream.ts';
import type { DomainRef } from './domain.ts';

/** `virDomainConsoleFlags`; `virDomainChannelFlags` has the same FORCE. */
export const OpenConsole = {
  /** Takes the console over from whoever has it. */
  FORCE: 1,
  /** Only where the driver can keep two from reading it at once. */
  SAFE: 2,
} as const;

export interface Screenshot {
  /** Such as `image/png`: what the daemon says it sends. */
  readonly mimeType: string | undefined;
  readonly image: Buffer;
}

const SCREENSHOT_MAX = 64 * 1024 * 1024;

/** The byte streams of domains. Give each a connection of its own where much is to flow. */
export class DomainStreams {
  readonly #rpc: RpcConnection;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
  }

  /**
   * `virDomainOpenConsole`: both ways. `device` is an alias such as `serial0`; without one it is the first
   * console. {@link OpenConsole} flags.
   */
  async openConsole(
    domain: DomainRef,
    device?: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<RpcStream> {
    const args = { domain, device, flags };
    return (await this.#rpc.openStream(procedures.domainOpenConsole, args, options)).stream;
  }

  /** `virDomainOpenChannel`: both ways. `name` is an alias or a target name. The flags are those of a console. */
  async openChannel(domain: DomainRef, name?: string, flags = 0, options?: CallOptions): Promise<RpcStream> {
    const args = { domain, device: name, flags };
    return (await this.#rpc.openStream(procedures.domainOpenChannel, args, options)).stream;
  }

  /** `virDomainScreenshot` of one screen, 0 is the first. @throws RangeError for an absurdly large picture. */
  async screenshot(domain: DomainRef, screen = 0, options?: CallOptions): Promise<Screenshot> {
    const args = { domain, screen, flags: 0 };
    const { result, stream } = await this.#rpc.openStream(procedures.domainScreenshot, args, options);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > SCREENSHOT_MAX)
        throw new RangeError(t('The screenshot is larger than {0} bytes', SCREENSHOT_MAX));
      chunks.push(chunk);
    }
    return { mimeType: result.mimeType, image: Buffer.concat(chunks) };
  }
}
