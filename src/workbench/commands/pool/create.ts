import { randomUUID } from 'node:crypto';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { readPoolOffers } from '../../../model/inventory/facts/pool-offers.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { listObjects } from '../../../model/inventory/objects.ts';
import { createPool, type CreatePoolChoices, PoolStepError } from '../../../model/operations/pool/create.ts';
import { removePool } from '../../../model/operations/pool/remove.ts';
import { createSecret } from '../../../model/operations/secret/create.ts';
import { POOL_TYPES, type PoolType, poolTypeFacts } from '../../../model/storage/pool-types.ts';
import type { PoolPlan } from '../../../model/storage/pool-xml.ts';
import { choose } from '../../ui/choose.ts';
import { quoted } from '../../ui/names.ts';
import { warn } from '../../ui/notices.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { pickHost } from '../pick-host.ts';
import { type Answers, askPart } from './ask-parts.ts';
import { poolTypeWords } from './type-words.ts';

/** Asks for what a pool of the chosen type needs, and makes one that is built, active and started with its host. */
export async function createPoolOn(context: CommandContext, argument: unknown): Promise<void> {
  const host = await pickHost(context, t('Create a storage pool on which host?'), argument);
  if (host === undefined) return;
  try {
    const type = await pickType(host);
    const plan = type && (await askPlan(host, type));
    const choices = plan && (await askBuild(plan));
    if (choices !== undefined) await make(context, host, choices);
  } catch (error) {
    await context.presenter.failure(t('Could not create a storage pool on {0}.', quoted(host.name)), error);
  }
}

/** Only what the host's libvirt was built with. */
async function pickType(host: Host): Promise<PoolType | undefined> {
  const offers = await readPoolOffers(await host.connect());
  const types = POOL_TYPES.filter(
    (type) => offers === undefined || offers.some((offer) => offer.type === type && offer.supported),
  );
  const items = types.map((type) => {
    const { label, detail } = poolTypeWords(type);
    return { label, description: type, detail, type };
  });
  return (await choose(items, { title: t('New Storage Pool'), matchOnDescription: true }))?.type;
}

async function askPlan(host: Host, type: PoolType): Promise<PoolPlan | undefined> {
  const name = await askName(host, type);
  if (name === undefined) return undefined;
  const { needs, may, auth } = poolTypeFacts(type);
  const answers: Answers = { name, type };
  for (const part of [...needs, ...may]) {
    if (part === 'auth' || part === 'format') continue;
    if (!(await askPart(host, type, part, needs.includes(part), answers))) return undefined;
  }
  if (auth !== undefined && !(await askAuth(host, auth, answers))) return undefined;
  return { ...answers, name, type, uuid: randomUUID() };
}

async function askName(host: Host, type: PoolType): Promise<string | undefined> {
  const taken = new Set(
    [...(await listObjects(await host.connect(), 'pool')).values()].map(({ name }) => name),
  );
  const name = await vscode.window.showInputBox({
    title: t('New Storage Pool'),
    prompt: t('Name of the pool'),
    value: taken.has(type) ? '' : type,
    ignoreFocusOut: true,
    validateInput: (text) =>
      taken.has(text.trim()) ? t('The host has a pool of this name already.') : undefined,
  });
  return name === undefined || name.trim() === '' ? undefined : name.trim();
}

/** The password goes from the box to libvirt, and nowhere else. */
async function askAuth(host: Host, auth: 'ceph' | 'chap', answers: Answers): Promise<boolean> {
  const user = await vscode.window.showInputBox({
    prompt: t('User (may be left empty when the server asks for none)'),
    ignoreFocusOut: true,
  });
  if (user === undefined) return false;
  if (user.trim() === '') return true;
  const password = await vscode.window.showInputBox({
    prompt: auth === 'ceph' ? t('Key of {0}, as in its keyring', user) : t('Password of {0}', user),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) return false;
  const isCeph = auth === 'ceph';
  const secret = await createSecret(host, {
    usage: isCeph ? 'ceph' : 'iscsi',
    id: t('{0} of pool {1}', user.trim(), answers.name ?? ''),
    // Ceph's keys are bytes, written in base64.
    value: isCeph ? Buffer.from(password.trim(), 'base64') : Buffer.from(password),
  });
  answers.auth = { user: user.trim(), secret };
  return true;
}

/** What would be overwritten is named, and asked about. */
async function askBuild(plan: PoolPlan): Promise<CreatePoolChoices | undefined> {
  if (poolTypeFacts(plan.type).build !== 'overwrites') return { plan, build: true, overwrite: false };
  const [use, format] = [t('Use What Is There'), t('Format')];
  const device = plan.device ?? plan.devices?.join(', ');
  if (device === undefined) return { plan, build: false, overwrite: false };
  const answer = await warn(
    t('Format {0} for pool {1}?', quoted(device), quoted(plan.name)),
    {
      modal: true,
      detail: t(
        'libvirt refuses a device that has a file system or partitions already; it is then asked about again.',
      ),
    },
    format,
    use,
  );
  return answer === undefined ? undefined : { plan, build: answer === format, overwrite: false };
}

/** Says which step failed, and goes on from there or cleans up. */
async function make({ presenter }: CommandContext, host: Host, choices: CreatePoolChoices): Promise<void> {
  const name = quoted(choices.plan.name);
  for (;;) {
    try {
      await withProgress(t('Creating pool {0}', name), (signal) => createPool(host, choices, { signal }));
      return;
    } catch (error) {
      if (!(error instanceof PoolStepError)) throw error;
      const [again, remove] = [t('Try Again'), t('Remove Pool')];
      const answer = await presenter.failure(
        t('Could not create pool {0}: {1}.', name, error.message),
        error.cause,
        again,
        ...(error.defined ? [remove] : []),
      );
      if (answer === remove)
        await removePool(new ObjectTarget(host, { kind: 'pool', key: choices.plan.uuid }), {
          storage: false,
        });
      if (answer !== again) return;
    }
  }
}
