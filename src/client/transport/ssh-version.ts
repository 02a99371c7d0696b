import { execa } from 'execa';

/** The first OpenSSH that knows SessionType, StdinNull and ForkAfterAuthentication. */
const SINCE = [8, 7] as const;
const TIMEOUT_MS = 5000;

/**
 * Whether an ssh knows the options by which a person's config may take the standard input, the command or the process
 * away from whoever calls it. An older one has no such options, and would end at their names.
 */
export async function knowsSessionOptions(program: string): Promise<boolean> {
  const { stderr, stdout } = await execa(program, ['-V'], {
    reject: false,
    stdin: 'ignore',
    timeout: TIMEOUT_MS,
  });
  return isSince(`${stderr ?? ''}${stdout ?? ''}`);
}

/** By the line that `ssh -V` prints. */
export function isSince(version: string): boolean {
  const [, major, minor] = /OpenSSH_(?:for_Windows_)?(\d+)\.(\d+)/u.exec(version) ?? [];
  if (major === undefined) return false;
  const [first, second] = SINCE;
  return Number(major) > first || (Number(major) === first && Number(minor) >= second);
}
