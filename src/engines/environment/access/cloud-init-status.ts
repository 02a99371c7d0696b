import { visible } from '../../../model/text/visible.ts';

const MAX_LENGTH = 400;

/**
 * The errors in the output of `cloud-init status --long`: a list under `errors`, or in older versions the lines after
 * `detail`. In one line, for a message.
 */
export function cloudInitErrors(status: string): string {
  const block = blockOf(status, 'errors') ?? blockOf(status, 'detail');
  const lines = (block ?? status.trim().split('\n').slice(-1))
    .map((line) => line.trim().replace(/^- /u, ''))
    .filter((line) => line !== '')
    .join(' ')
    // Errors of commands come as Python string literals.
    .replaceAll(/\s*\\n\s*/gu, ' ');
  const text = visible(lines);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}

/** The indented or plain lines after a key, until the next key; undefined where there are none. */
function blockOf(status: string, key: string): readonly string[] | undefined {
  const lines = status.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (start < 0) return undefined;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^[a-z_]+:/u.test(line));
  const block = end < 0 ? rest : rest.slice(0, end);
  return block.some((line) => line.trim() !== '') ? block : undefined;
}
