import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { askAgent } from '../../../model/operations/domain/agent.ts';

const PIECE_BYTES = 64 * 1024;
const TIMEOUT_SECONDS = 3;

/**
 * Reads the beginning of a file in a running guest through its agent. Undefined where there is no agent, or
 * where it refuses.
 * @param enough whether what was read so far will do
 */
export async function readGuestFile(
  connection: Connection,
  domain: DomainRef,
  path: string,
  maxBytes: number,
  enough: (data: Buffer) => boolean = () => false,
): Promise<Buffer | undefined> {
  const ask = (execute: string, args: object) =>
    askAgent(connection, domain, { execute, arguments: args, timeoutSeconds: TIMEOUT_SECONDS });
  let data = Buffer.alloc(0);
  try {
    const handle = await ask('guest-file-open', { path, mode: 'r' });
    try {
      while (data.length < maxBytes && !enough(data)) {
        const { 'buf-b64': text = '', eof = true } = (await ask('guest-file-read', {
          handle,
          count: PIECE_BYTES,
        })) as { 'buf-b64'?: string; eof?: boolean };
        data = Buffer.concat([data, Buffer.from(text, 'base64')]);
        // An agent that gives nothing would be asked for ever.
        if (eof || text === '') break;
      }
    } finally {
      await ask('guest-file-close', { handle });
    }
  } catch {
    // Most guests have no agent, and some agents give no files: whoever asks does without.
    return undefined;
  }
  return data;
}
