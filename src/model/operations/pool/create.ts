import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { StoragePoolRef } from '../../../client/libvirt/storage/refs.ts';
import type { Host } from '../../inventory/host.ts';
import { ObjectTarget } from '../../inventory/object-target.ts';
import { poolXml, type PoolPlan } from '../../storage/pool-xml.ts';
import { poolTypeFacts } from '../../storage/pool-types.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { buildFlags } from './build.ts';
import { refreshPoolRecords } from './on-pool.ts';

/** In their order. */
export type PoolStep = 'define' | 'build' | 'start' | 'autostart';

export interface CreatePoolChoices {
  readonly plan: PoolPlan;
  /** Makes the directory, the file system…; without it what is there already is used. */
  readonly build: boolean;
  /** With `build`: whether what is there already is destroyed. */
  readonly overwrite: boolean;
}

/** A step of making a pool failed. What was done before it stands, and calling again goes on from there. */
export class PoolStepError extends OperationError {
  override readonly name = 'PoolStepError';
  readonly step: PoolStep;
  /** The pool is defined, so that there is something to go on with or to remove. */
  readonly defined: boolean;

  constructor(step: PoolStep, cause: unknown) {
    super('pool-step', sentenceOf(step), undefined, { cause });
    this.step = step;
    this.defined = step !== 'define';
  }
}

/**
 * Makes a pool that is built, active and started with its host. May be called again after a failure: what is done is not
 * done twice. `onStep` is told what is about to be done.
 * @throws PoolStepError, whose cause is what libvirt said
 */
export async function createPool(
  host: Host,
  choices: CreatePoolChoices,
  options: OperationOptions & { readonly onStep?: (step: PoolStep) => void } = {},
): Promise<ObjectTarget> {
  const connection = await host.connect();
  const { plan } = choices;
  const target = new ObjectTarget(host, { kind: 'pool', key: plan.uuid });
  const step = async <T>(name: PoolStep, work: () => Promise<T>): Promise<T> => {
    options.signal?.throwIfAborted();
    options.onStep?.(name);
    try {
      return await work();
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      throw new PoolStepError(name, error);
    }
  };
  try {
    const ref = await step('define', () => define(connection, plan, options));
    if (!(await connection.storagePools.isActive(ref, options))) {
      if (choices.build && poolTypeFacts(plan.type).build !== 'nothing')
        await step('build', () =>
          connection.storagePools.build(
            ref,
            buildFlags({ type: plan.type, overwrite: choices.overwrite }),
            options,
          ),
        );
      await step('start', () => connection.storagePools.start(ref, 0, options));
    }
    await step('autostart', () => connection.storagePools.setAutostart(ref, true, options));
  } finally {
    await refreshPoolRecords(target);
  }
  return target;
}

/** The one that an earlier call has defined is taken; another pool of that name is libvirt's to refuse. */
async function define(
  { storagePools }: Connection,
  plan: PoolPlan,
  options: OperationOptions,
): Promise<StoragePoolRef> {
  try {
    return await storagePools.lookupByUuid(plan.uuid, options);
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.NO_STORAGE_POOL)) throw error;
    return storagePools.defineXml(poolXml(plan), 0, options);
  }
}

function sentenceOf(step: PoolStep): string {
  const sentences: Readonly<Record<PoolStep, string>> = {
    define: t('libvirt did not accept its definition'),
    build: t('It is defined, but building its storage failed'),
    start: t('It is defined, but could not be started'),
    autostart: t('It is running, but could not be set to start with its host'),
  };
  return sentences[step];
}
