import { Transform, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Pipes the output of one process into another and counts the bytes. When either ends, the other is not left waiting.
 * @returns whether everything was taken; the exit codes tell the rest
 */
export async function carry(
  from: Readable,
  to: Writable,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  return pipeline(from, count, to).then(
    () => true,
    () => false,
  );
}
