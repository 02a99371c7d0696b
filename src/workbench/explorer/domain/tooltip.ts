import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { readDomainSummary, type DomainSummary } from '../../../model/inventory/domain-summary.ts';
import type { DomainRecord } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { titleOf } from '../../ui/commands.ts';
import { conditionWithAnyReason, sizeText } from '../../ui/describe.ts';
import { displayName } from '../../ui/names.ts';

/** The facts of a domain; what only its XML tells is read when somebody points at it. */
export async function domainTooltip(
  target: DomainTarget,
  domain: DomainRecord,
  signal: AbortSignal,
): Promise<vscode.MarkdownString> {
  const summary = await readDomainSummary(target, signal);
  const picture = summary.hasScreen && isActive(domain.state) ? await thumbnail(target, signal) : undefined;
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(displayName(domain.name)).appendMarkdown('**\n\n');
  if (summary.title !== undefined) text.appendText(displayName(summary.title)).appendMarkdown('\n\n');
  const inside = isActive(domain.state) ? await insideRows(target, summary, signal) : [];
  // In front, since tooltips that are long are cut off at their end.
  const alt = t('Its screen');
  if (picture !== undefined) text.appendMarkdown(`![${alt}](${picture})\n\n`);
  for (const [label, value] of [...rows(domain, summary), ...inside, ...details(domain, summary)]) {
    text.appendMarkdown(`${label}: `).appendText(displayName(value)).appendMarkdown('  \n');
  }
  if (summary.description !== undefined)
    text.appendMarkdown('\n---\n').appendText(displayName(summary.description));
  return text;
}

function rows(domain: DomainRecord, summary: DomainSummary): readonly (readonly [string, string])[] {
  const { since, size } = domain;
  return [
    [t('State'), conditionWithAnyReason(domain)],
    ...(since === undefined ? [] : [[t('Since'), since.toLocaleString()] as const]),
    ...(size === undefined
      ? []
      : [[t('Size'), t('{0} vCPU, {1} of memory', size.vcpus, sizeText(size.memoryKiB))] as const]),
    ...(summary.os === undefined ? [] : [[t('System'), summary.os] as const]),
  ];
}

/** What is seldom looked for. */
function details(domain: DomainRecord, summary: DomainSummary): readonly (readonly [string, string])[] {
  const { id } = domain;
  return [
    ...(summary.machine === undefined ? [] : [[t('Machine'), summary.machine] as const]),
    [t('Autostart'), domain.autostart ? t('yes') : t('no')],
    [t('Persistent'), domain.persistent ? t('yes') : t('no: it disappears when it stops')],
    ...(id === undefined ? [] : [[t('Id'), String(id)] as const]),
    [t('UUID'), domain.uuid],
  ];
}

/** What the agent in the guest tells, or how to get one. */
async function insideRows(
  target: DomainTarget,
  { agent }: DomainSummary,
  signal: AbortSignal,
): Promise<readonly (readonly [string, string])[]> {
  if (agent === 'absent')
    return [[t('Guest agent'), t('no channel for one; “{0}” offers it', titleOf('kvm.domain.editXml'))]];
  if (agent === 'silent')
    return [[t('Guest agent'), t('does not answer; install qemu-guest-agent in the guest')]];
  const { guestRows } = await import('../../../model/inventory/guest-facts.ts');
  const { readGuestInfo } = await import('../../../model/operations/domain/guest-info.ts');
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) };
  try {
    return guestRows(await readGuestInfo(target, {}, options));
  } catch {
    return [[t('Guest agent'), t('did not answer in time')]];
  }
}

const THUMBNAIL_WIDTH = 320;
const PATIENCE_MS = 2_000;
/** VS Code cuts longer tooltips off. */
const DATA_MAX = 80_000;

/** Its screen at this moment. A tooltip is of use without a picture, too, and does not say why there is none. */
async function thumbnail(target: DomainTarget, signal: AbortSignal): Promise<string | undefined> {
  const { takePicture } = await import('../../../model/operations/domain/picture.ts');
  const options = { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) };
  const picture = await takePicture(target, { maxWidth: THUMBNAIL_WIDTH }, options).catch(() => undefined);
  const data = picture?.toString('base64') ?? '';
  return data === '' || data.length > DATA_MAX ? undefined : `data:image/png;base64,${data}`;
}
