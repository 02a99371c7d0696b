import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import type { EnvironmentDocument } from './document.ts';
import type { DeclaredGuest } from './model.ts';
import { type Problem, problem } from './problem.ts';

/** What cloud-init tells a format of user data by, at its start or behind nothing but white space. */
const HEADERS = [
  '#!',
  '#cloud-boothook',
  '#cloud-config',
  '#include',
  '#part-handler',
  // not for people: cloud-init reads it
  '## template: jinja',
  '#upstart-job',
];
/** A message of several parts has the headers of mail. */
const MIME = 'mime-version:';
const GZIP = Buffer.from([0x1f, 0x8b]);
const HEAD_BYTES = 4096;

/** Warns of user data in which cloud-init would recognise nothing: the guest comes up without any of it, and no word. */
export async function checkUserData(
  document: EnvironmentDocument,
  guests: readonly DeclaredGuest[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { name, cloudInit } of guests) {
    const path = cloudInit?.userDataFile;
    const start = path === undefined ? undefined : await startOf(path);
    if (path === undefined || start === undefined || isUserData(start)) continue;
    problems.push(
      problem(
        document.rangeOf(['guests', name, 'cloud-init', 'user-data']),
        'user-data',
        sentence(basename(path), start.toString('utf8')),
        'warning',
      ),
    );
  }
  return problems;
}

/** By its first bytes. Nothing at all is nothing to do, and fine. */
export function isUserData(start: Buffer): boolean {
  if (start.length === 0 || start.subarray(0, 2).equals(GZIP)) return true;
  const text = start.toString('utf8').toLowerCase();
  // What JavaScript takes for white space is more than what Python does: the mark of the byte order.
  const trimmed = text.replace(/^[^\S\u{FEFF}]+/u, '');
  return trimmed === '' || HEADERS.some((header) => trimmed.startsWith(header)) || text.includes(MIME);
}

function sentence(file: string, start: string): string {
  if (/^\u{FEFF}?\s*#\s*cloud-config/iu.test(start))
    return t(
      'cloud-init will ignore {0}: its first line must be “#cloud-config”, without a space in it and without a byte order mark before it.',
      file,
    );
  return t(
    'cloud-init will ignore {0}: its first line must say what it is, such as “#cloud-config” or “#!/bin/sh”.',
    file,
  );
}

/** Undefined where there is no such file, which is told by others. */
async function startOf(path: string): Promise<Buffer | undefined> {
  try {
    await using file = await open(path, 'r');
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  }
}
