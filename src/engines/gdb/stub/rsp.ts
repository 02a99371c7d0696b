import { t } from '@vscode/l10n';
import type { Channel } from '../../../client/rpc/channel.ts';
import { packet, PacketSplitter } from './packet.ts';

const PATIENCE_MS = 10_000;

/**
 * Removes every breakpoint that a debugger left in the guest, without letting it run. QEMU does so when it is
 * asked why the guest stopped, which is the first thing a debugger asks. The guest is stopped afterwards.
 * @throws Error when nobody answers.
 */
export async function removeBreakpoints(channel: Channel): Promise<void> {
  try {
    channel.output.write(`+${packet('?')}`);
    await reply(channel);
    channel.output.write('+');
  } finally {
    channel.close();
  }
}

function reply({ input }: Channel): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new Error(t('QEMU’s gdb stub does not answer'))), PATIENCE_MS);
    const end = (error?: Error) => {
      clearTimeout(timer);
      input.removeListener('data', onData);
      if (error === undefined) resolve();
      else reject(error);
    };
    const splitter = new PacketSplitter({
      onPacket: () => end(),
      onByte: () => undefined,
      onTooLong: () => end(new Error(t('What listens there is not a gdb stub'))),
    });
    const onData = (chunk: Buffer) => splitter.push(chunk.toString('latin1'));
    input.on('data', onData);
    input.once('end', () => end(new Error(t('QEMU’s gdb stub hung up'))));
    input.once('error', end);
  });
}
