import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { findPoolSources, type FoundSource } from '../../../model/operations/pool/sources.ts';
import type { PoolPart, PoolType } from '../../../model/storage/pool-types.ts';
import type { PoolPlan } from '../../../model/storage/pool-xml.ts';
import { choose } from '../../ui/choose.ts';
import { pickLabel } from '../../ui/names.ts';

/** What was answered so far. */
export type Answers = { -readonly [K in keyof PoolPlan]?: PoolPlan[K] };

/** None of what was found. */
const BY_HAND = '';

/** The parts that are text, and those that are several texts. */
type TextPart = Exclude<PoolPart, 'auth' | 'hosts' | 'devices' | 'format'>;

/**
 * Asks for one part of a new pool; what can be found is offered. False when a person gave up.
 * @param needed an optional part may be left empty
 */
export async function askPart(
  host: Host,
  type: PoolType,
  part: Exclude<PoolPart, 'auth' | 'format'>,
  needed: boolean,
  answers: Answers,
): Promise<boolean> {
  const found = part === 'hosts' ? [] : await proposals(host, type, part, answers);
  const picked = found.length > 0 ? await pick(part, found) : BY_HAND;
  const value = picked === BY_HAND ? await ask(part, needed, answers) : picked;
  if (value === undefined) return false;
  if (value === '') return true;
  const list = value.split(/[\s,]+/u).filter((each) => each !== '');
  if (part === 'hosts' || part === 'devices') answers[part] = list;
  else answers[part satisfies TextPart] = value;
  return true;
}

/** The parts that the source of a pool can tell of. */
async function proposals(
  host: Host,
  type: PoolType,
  part: PoolPart,
  answers: Answers,
): Promise<readonly string[]> {
  const asked = {
    netfs: 'directory',
    logical: 'sourceName',
    iscsi: 'target',
    'iscsi-direct': 'target',
    gluster: 'sourceName',
  };
  if ((asked as Readonly<Record<string, string>>)[type] !== part) return [];
  const from = {
    ...(answers.hosts === undefined ? {} : { hosts: answers.hosts }),
    ...(answers.initiator === undefined ? {} : { initiator: answers.initiator }),
  };
  try {
    const sources = await findPoolSources(host, { type, from });
    return sources.flatMap((source) => source[part as keyof FoundSource & 'directory'] ?? []);
  } catch {
    // Not every host can look for every type: a person types it then.
    return [];
  }
}

async function pick(part: PoolPart, found: readonly string[]): Promise<string | undefined> {
  const byHand = { label: t('Enter by Hand…'), text: BY_HAND };
  const items = [...found.map((text) => ({ label: pickLabel(text), text })), byHand];
  return (await choose(items, { title: promptOf(part), ignoreFocusOut: true }))?.text;
}

async function ask(part: PoolPart, needed: boolean, answers: Answers): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    prompt: needed ? promptOf(part) : t('{0} (may be left empty)', promptOf(part)),
    value: defaultOf(part, answers),
    ignoreFocusOut: true,
    validateInput: (value) => problemWith(part, value.trim(), needed),
  });
  return text?.trim();
}

function promptOf(part: PoolPart): string {
  const prompts: Readonly<Record<PoolPart, string>> = {
    hosts: t('Servers, as host or host:port'),
    device: t('Block device of the host, best by its name in /dev/disk/by-id'),
    devices: t('Block devices of the host that the volume group is made of'),
    target: t('iSCSI target, as an IQN'),
    directory: t('Directory that the server exports'),
    sourceName: t('Name of the volume group, Ceph pool or volume'),
    adapter: t('SCSI host adapter, such as scsi_host0'),
    initiator: t('Name of this initiator, as an IQN'),
    format: t('Format'),
    auth: t('User'),
    path: t('Directory on the host where the volumes are seen'),
  };
  return prompts[part];
}

function defaultOf(part: PoolPart, { name = '', type }: Answers): string {
  if (part !== 'path') return '';
  switch (type) {
    case 'disk':
      return '/dev';
    case 'iscsi':
    case 'scsi':
      return '/dev/disk/by-path';
    case 'mpath':
      return '/dev/mapper';
    default:
      return `/var/lib/libvirt/${name}`;
  }
}

function problemWith(part: PoolPart, value: string, needed: boolean): string | undefined {
  if (value === '') return needed ? t('A pool of this type needs it.') : undefined;
  const isPath = part === 'path' || part === 'device' || part === 'directory';
  return isPath && !value.startsWith('/') ? t('A path on the host begins with “/”.') : undefined;
}
