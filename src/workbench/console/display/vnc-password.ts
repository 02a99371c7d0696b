import { createCipheriv } from 'node:crypto';

const PASSWORD_BYTES = 8;
const BLOCK_BYTES = 8;

/**
 * The answer to a VNC server's challenge: DES of its 16 bytes under the password, whose bits VNC turns around in
 * each byte. DES three times with one key is DES, which is all that is left of it in newer versions of OpenSSL.
 */
export function answerChallenge(challenge: Uint8Array, password: string): Buffer {
  const single = Buffer.alloc(PASSWORD_BYTES);
  Buffer.from(password, 'latin1').copy(single, 0, 0, PASSWORD_BYTES);
  const turned = single.map(reverseBits);
  const key = Buffer.concat([turned, turned, turned]);
  const blocks: Buffer[] = [];
  for (let at = 0; at < challenge.length; at += BLOCK_BYTES) {
    const cipher = createCipheriv('des-ede3-cbc', key, Buffer.alloc(BLOCK_BYTES)).setAutoPadding(false);
    blocks.push(cipher.update(challenge.subarray(at, at + BLOCK_BYTES)));
  }
  return Buffer.concat(blocks);
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) reversed |= 0x80 >> bit;
  return reversed;
}
