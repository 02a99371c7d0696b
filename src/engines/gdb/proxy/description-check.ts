/** QEMU's largest description has some 200 KiB, and gdb reads it once or twice. */
const BYTES_MAX = 4 * 1024 * 1024;
/** QEMU's has less than twenty files. Those that name each other again and again would be read for minutes. */
const FILES_MAX = 100;
const ENTITY = '<!ENTITY';

/**
 * Looks at the pieces of a stub's descriptions of its registers before gdb reads them: one that never ends would fill
 * the memory, and so would one whose entities or repetitions multiply.
 */
export class DescriptionCheck {
  #bytes = 0;
  #files = 0;
  /** Where a word may have been cut in two. */
  #tail = '';

  /** @param reply a stub's whole reply to `qXfer:features:read` */
  isGood(reply: string): boolean {
    this.#bytes += reply.length;
    if (reply.startsWith('l')) this.#files++;
    if (this.#bytes > BYTES_MAX || this.#files > FILES_MAX) return false;
    // Whatever has a meaning in a packet is written as } and the character with one bit changed.
    if (/(?<!\})\*/.test(reply)) return false;
    const text = reply
      .slice(1)
      .replaceAll(/\}([^])/g, (_, character: string) =>
        String.fromCodePoint((character.codePointAt(0) ?? 0) ^ 0x20),
      );
    const seen = this.#tail + text;
    this.#tail = seen.slice(1 - ENTITY.length);
    // In UTF-16, every other byte of such a word is 0.
    return !seen.includes(ENTITY) && !seen.includes('\0');
  }
}
