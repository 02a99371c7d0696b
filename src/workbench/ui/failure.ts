import { t } from '@vscode/l10n';
import { ErrorCode, isLibvirtError } from '../../client/libvirt/error.ts';
import { TransportError } from '../../client/transport/error.ts';
import { withoutLinks } from '../../model/text/links.ts';
import { displayName } from './names.ts';

/** What a person is told about an error: why, in the words of whoever refused, and what to do next. */
export interface Explanation {
  readonly reason: string;
  readonly hint: string | undefined;
}

const REASON_MAX = 300;
/** Of a longer one, how much of its beginning is kept: whoever says why says it last. */
const REASON_START = 90;

const LIBVIRT_HINTS = new Map<number, () => string>([
  [ErrorCode.NO_DOMAIN, () => t('Another program may have removed it.')],
  [ErrorCode.OPERATION_DENIED, () => t('The connection is read-only.')],
  [ErrorCode.ACCESS_DENIED, () => t('A polkit rule on the host decides who may do this.')],
  [
    ErrorCode.OPERATION_TIMEOUT,
    () => t('Another operation on it is still running: try again when that has ended.'),
  ],
]);

export function explain(error: unknown): Explanation {
  if (error instanceof TransportError) return { reason: oneLine(error.message), hint: error.hint };
  if (isLibvirtError(error))
    return { reason: oneLine(error.message), hint: LIBVIRT_HINTS.get(error.code)?.() };
  return { reason: oneLine(error instanceof Error ? error.message : String(error)), hint: hintOf(error) };
}

/** An error of ours may know what to do next. */
function hintOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('hint' in error)) return undefined;
  return typeof error.hint === 'string' ? error.hint : undefined;
}

/** Somebody pressed Cancel: nothing to report. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Programs keep their names at the beginning of a sentence, too. */
const PROGRAMS = /^(?:libvirt|qemu|ssh|gdb|passt|swtpm|virtiofsd)\b/;

/** A text as a sentence that can stand beside others: with a capital, unless it begins with a name, and a full stop. */
export function asSentence(text: string): string {
  const begun = PROGRAMS.test(text)
    ? text
    : text.replace(/^\p{Ll}(?=\p{Ll}*[\s:,])/u, (letter) => letter.toUpperCase());
  return /[.!?…。]$/u.test(begun) ? begun : `${begun}.`;
}

/** Why something failed and what to do next, for a place that shows sentences beside each other. */
export function explained({ reason, hint }: Explanation): string {
  return [reason, ...(hint === undefined ? [] : [hint])].map(asSentence).join(' ');
}

/** What went wrong and because of what, for the log: a line each. */
// not for people: the log is for developers
export function fullDetail(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = isLibvirtError(error)
    ? ` (code ${error.code}, domain ${error.domain}, ${error.procedure})`
    : '';
  const cause = error.cause === undefined ? '' : `\nCaused by: ${fullDetail(error.cause)}`;
  return `${error.message}${code}${cause}`;
}

/** Where in the program it came from, for whoever looks for a fault of ours; undefined where that is not known. */
export function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const stacks = [error.stack, stackOf(error.cause)].filter((stack) => stack !== undefined);
  return stacks.length === 0 ? undefined : stacks.join('\n');
}

/** A daemon's message may span lines and hold names and a whole command line; the log keeps it all. */
function oneLine(message: string): string {
  const line = withoutLinks(displayName(withoutWarnings(message).replaceAll(/\s+/g, ' ').trim())).replace(
    /\.$/,
    '',
  );
  if (line.length <= REASON_MAX) return line;
  return `${line.slice(0, REASON_START)} … ${line.slice(REASON_START + 3 - REASON_MAX)}`;
}

/** When QEMU wrote a line of its log. */
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z /gu;
/** Where libvirt hands on what QEMU wrote, its warnings stand before what it ended for. */
const WARNING =
  /(?:\S*\/)?(?:qemu|kvm)[\w.-]*: (?:warning|info): [^\n]*(?:\n|$)|\([^()\n]*:\d+\): \S+-(?:WARNING|CRITICAL) \*\*[^\n]*(?:\n|$)/gu;

function withoutWarnings(message: string): string {
  const plain = message.replaceAll(TIME, '');
  const left = plain.replaceAll(WARNING, '');
  // Where nothing else was said, they are all that there is.
  return /:\s*$/u.test(left) ? plain : left;
}
