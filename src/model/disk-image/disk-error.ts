import { t } from '@vscode/l10n';

/** A disk cannot be used: why, and what to do. */
export class DiskError extends Error {
  override readonly name = 'DiskError';
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** What is wrong with an image. `circle`: it starts from itself. */
export type ImageFault = 'missing' | 'empty' | 'cut-off' | 'not-an-image' | 'circle';

/** The words of QEMU, `qemu-img` and libvirt for an image that cannot be opened; all of them keep to English. */
const WORDS: readonly (readonly [RegExp, ImageFault])[] = [
  [/(?:storage|backing) file .*No such file|Could not open '[^']*': No such file/u, 'missing'],
  [/self-referential/u, 'circle'],
  [/header too short|Could not read (?:qcow2 header|L1|L2|refcount|snapshot)|past the end of/iu, 'cut-off'],
  [/Image is not in \w+ format|corrupt|[Uu]nsupported (?:qcow|qed|vmdk|vdi|vhdx)/u, 'not-an-image'],
];

/** What the words of a refusal say about an image; undefined when they are about something else. */
export function faultIn(words: string): ImageFault | undefined {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

/** What a person reads about a disk, named by its path, that cannot be opened. */
export function diskFault(disk: string, fault: ImageFault, cause?: unknown): DiskError {
  const again = t('Put a copy of the file back, or make the disk anew: what was on it is lost then.');
  const options = { cause };
  switch (fault) {
    case 'missing':
      return new DiskError(
        t('The disk {0} is not there', disk),
        t('Put the file back, or take the disk out of the definition.'),
        options,
      );
    case 'empty':
      return new DiskError(t('The disk {0} is empty', disk), again, options);
    case 'cut-off':
      return new DiskError(t('The disk {0} is cut off: its end is missing', disk), again, options);
    case 'not-an-image':
      return new DiskError(t('The disk {0} is damaged, or has another format', disk), again, options);
    case 'circle':
      return new DiskError(
        t('The disk {0} starts from itself', disk),
        t('Set its backing file right with “qemu-img rebase -u”.'),
        options,
      );
  }
}

/** The same for an image that a disk starts from, at whatever distance. */
export function baseFault(disk: string, base: string, fault: ImageFault, cause?: unknown): DiskError {
  const again = t('Put a copy of {0} back: without it the disk is of no use.', base);
  return new DiskError(baseSentence(disk, base, fault), again, { cause });
}

function baseSentence(disk: string, base: string, fault: ImageFault): string {
  switch (fault) {
    case 'missing':
      return t('The disk {0} starts from {1}, which is not there', disk, base);
    case 'empty':
      return t('The disk {0} starts from {1}, which is empty', disk, base);
    case 'cut-off':
      return t('The disk {0} starts from {1}, which is cut off: its end is missing', disk, base);
    case 'not-an-image':
      return t('The disk {0} starts from {1}, which is damaged, or has another format', disk, base);
    case 'circle':
      return t('The disk {0} starts from {1}, which starts from itself', disk, base);
  }
}
