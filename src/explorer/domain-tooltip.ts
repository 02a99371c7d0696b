import * as vscode from 'vscode';
import { readDomainSummary, type DomainSummary } from '../inventory/domain-summary.ts';
import type { DomainRecord } from '../inventory/domain-record.ts';
import type { DomainTarget } from '../inventory/domain-target.ts';
import { conditionWithAnyReason, sizeText } from '../ui/describe.ts';
import { displayName } from '../ui/names.ts';

/** The facts of a domain; what only its XML tells is read when somebody points at it. */
export async function domainTooltip(
  target: DomainTarget,
  domain: DomainRecord,
  signal: AbortSignal,
): Promise<vscode.MarkdownString> {
  const summary = await readDomainSummary(target, signal);
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(displayName(domain.name)).appendMarkdown('**\n\n');
  if (summary.title !== undefined) text.appendText(displayName(summary.title)).appendMarkdown('\n\n');
  for (const [label, value] of rows(domain, summary)) {
    text.appendMarkdown(`${label}: `).appendText(displayName(value)).appendMarkdown('  \n');
  }
  if (summary.description !== undefined)
    text.appendMarkdown('\n---\n').appendText(displayName(summary.description));
  return text;
}

function rows(domain: DomainRecord, summary: DomainSummary): readonly (readonly [string, string])[] {
  const { since, size, id } = domain;
  return [
    ['State', conditionWithAnyReason(domain)],
    ['Since', since === undefined ? 'before this connection' : since.toLocaleString()],
    ...(size === undefined
      ? []
      : [['Size', `${size.vcpus} vCPU, ${sizeText(size.memoryKiB)} of memory`] as const]),
    ...(summary.os === undefined ? [] : [['System', summary.os] as const]),
    ...(summary.machine === undefined ? [] : [['Machine', summary.machine] as const]),
    ['Autostart', domain.autostart ? 'yes' : 'no'],
    ['Persistent', domain.persistent ? 'yes' : 'no, gone when it stops'],
    ...(id === undefined ? [] : [['Id', String(id)] as const]),
    ['UUID', domain.uuid],
  ];
}
