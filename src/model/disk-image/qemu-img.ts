import { t } from '@vscode/l10n';
import { execa } from 'execa';
import { ImageError } from './image-error.ts';

/** What QEMU calls the formats that machines have their disks in. */
export type DiskFormat = 'qcow2' | 'raw' | 'vmdk' | 'vhdx' | 'vdi' | 'vpc';

/** An image as QEMU is to read it: a whole file, or some bytes of one. */
export interface QemuImage {
  /** Absolute: names in an image are relative to it. */
  readonly path: string;
  readonly format: DiskFormat;
  readonly part?: ImagePart | undefined;
}

/** The bytes of an image inside another file, such as an archive. */
export interface ImagePart {
  readonly offset: number;
  readonly size: number;
}

export interface QemuImgOptions {
  readonly signal?: AbortSignal | undefined;
  /** It is ended after so long. */
  readonly timeoutMs?: number;
  /** What it prints, as it comes; otherwise all of it is in the result. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** What became of a run. */
export interface QemuImgResult {
  readonly failed: boolean;
  readonly output: string;
  /** The last line of what it complains about. */
  readonly complaint: string;
}

/** The kernel ends the program that follows when this process dies, however it dies. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'KILL', '--'];
const MAX_OUTPUT = 4 * 1024 * 1024;

/** QEMU's `json:` description of an image without its parents, in which no character of a name has a meaning. */
export function imageDescription({ path, format, part }: QemuImage): string {
  const file = { driver: 'file', filename: path };
  const opened = part === undefined ? file : { driver: 'raw', ...part, file };
  const mayHaveParent = format === 'qcow2' || format === 'vmdk';
  return `json:${JSON.stringify({
    driver: format,
    file: opened,
    ...(mayHaveParent ? { backing: null } : {}),
    // The size that the footer says. By its geometry, QEMU's guess for some tools, a disk loses its end.
    ...(format === 'vpc' ? { force_size_calc: 'current_size' } : {}),
  })}`;
}

/**
 * Runs `qemu-img`, which ends with this process, also when that is killed.
 * @throws ImageError when it is not installed; `purpose` is the sentence for that
 */
export async function qemuImg(
  args: readonly string[],
  purpose: string,
  options: QemuImgOptions = {},
): Promise<QemuImgResult> {
  const kept = await run([...ENDS_WITH_US, 'qemu-img', ...args], options);
  // Not every system has that program, or knows its option.
  const result =
    kept.isMissing || kept.stderr.startsWith('setpriv:') ? await run(['qemu-img', ...args], options) : kept;
  if (result.isMissing)
    throw new ImageError(
      'bad-image',
      purpose,
      t('Install qemu-img. On Debian and Ubuntu, the package is qemu-utils.'),
    );
  return result;
}

async function run(
  [program = '', ...args]: readonly string[],
  { signal, timeoutMs = 0, onOutput }: QemuImgOptions,
): Promise<QemuImgResult & { readonly isMissing: boolean; readonly stderr: string }> {
  const running = execa(program, args, {
    reject: false,
    stdin: 'ignore',
    timeout: timeoutMs,
    forceKillAfterDelay: 1000,
    maxBuffer: MAX_OUTPUT,
    buffer: { stdout: onOutput === undefined },
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (onOutput !== undefined) running.stdout.on('data', (text: Buffer) => onOutput(text.toString('latin1')));
  const { failed, stdout, stderr, code, timedOut, shortMessage } = await running;
  signal?.throwIfAborted();
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return {
    failed,
    output: stdout ?? '',
    complaint: timedOut ? t('qemu-img did not end') : said === '' ? (shortMessage ?? '') : said,
    isMissing: code === 'ENOENT',
    stderr,
  };
}
