import { t } from '@vscode/l10n';
import { ChangeDevice } from '../../../client/libvirt/domain/devices.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import { applyEdits, insertChild } from '../../../language/xml/edit.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement } from '../../../language/xml/tree.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { AGENT_CHANNEL } from './agent.ts';
import { changeDomain, type DomainCall, recordOf } from './on-domain.ts';

/** What became of the channel. */
export interface AddedChannel {
  /** It is only there when the domain starts again: its machine takes no such device while it runs. */
  readonly atNextStart: boolean;
}

/**
 * `virDomainDefineXMLFlags` and, while it runs, `virDomainAttachDeviceFlags`: gives a domain the channel over which
 * libvirt talks to a guest agent. @throws GoneError, RemoteError
 */
export function addAgentChannel(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<AddedChannel> {
  return changeDomain(target, options, async (call) => {
    const { persistent, state } = recordOf(target);
    if (persistent) await define(call, options);
    if (!isActive(state)) return { atNextStart: false };
    const { connection, ref } = call;
    try {
      await connection.domainDevices.attach(ref, AGENT_CHANNEL, ChangeDevice.LIVE, options);
      return { atNextStart: false };
    } catch (error) {
      if (!persistent || !isLibvirtError(error)) throw error;
      return { atNextStart: true };
    }
  });
}

async function define(
  { connection: { domains }, ref }: DomainCall,
  options: OperationOptions,
): Promise<void> {
  const xml = await domains.xml(ref, DomainXml.SECURE | DomainXml.INACTIVE, options);
  const { root } = parseDocument(xml);
  const devices = root === undefined ? undefined : childElement(root, 'devices');
  if (devices === undefined) throw new Error(t('The domain’s XML has no <devices>'));
  await domains.defineXml(applyEdits(xml, [insertChild(xml, devices, AGENT_CHANNEL)]), 0, options);
}
