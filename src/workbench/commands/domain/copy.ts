import * as vscode from 'vscode';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { subjectOf } from './batch.ts';

export async function copyNames(_: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  await copy(targets.map(({ record }) => record?.name ?? ''));
}

export async function copyUuids(_: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  await copy(targets.map(({ uuid }) => uuid));
}

/** The persistent definition where there is one, without passwords: they do not belong on a clipboard. */
export async function copyXml(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  try {
    await copy(await Promise.all(targets.map(readXml)));
  } catch (error) {
    await context.presenter.failure(`Could not copy the XML of ${subjectOf(targets)}`, error);
  }
}

async function readXml({ host, record }: DomainTarget): Promise<string> {
  if (record === undefined) throw new Error('it is no longer there');
  const connection = await host.connect();
  return connection.domains.xml(refOf(record), record.persistent ? DomainXml.INACTIVE : 0);
}

async function copy(lines: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(lines.join('\n'));
}
