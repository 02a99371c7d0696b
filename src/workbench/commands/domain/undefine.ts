import { t } from '@vscode/l10n';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { FileUse } from '../../../model/operations/domain/file-use.ts';
import {
  type DeletableFile,
  findLeftovers,
  type KeptFile,
  type Leftovers,
  withoutBases,
} from '../../../model/operations/domain/leftovers.ts';
import { undefineDomain } from '../../../model/operations/domain/undefine.ts';
import { displayName } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';
import { confirm } from './confirm.ts';
import { chooseWhatGoes, type UndefineChoice } from './undefine-choice.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Undefining {0}', name),
  doingMany: (count) => t('Undefining {0} domains', count),
  failed: (name) => t('Could not undefine {0}.', name),
  failedMany: (failed, count) => t('Could not undefine {0} of {1} domains.', failed, count),
};

export async function undefineDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const found = await lookAt(context, targets);
  if (found.size < targets.length) return;
  const leftovers = [...found.values()];
  const choice = await chooseWhatGoes(targets, leftovers);
  if (choice === undefined) return;
  const lost = consequence(leftovers, choice);
  const question = {
    button: () => t('Undefine'),
    question: (name: string) => t('Undefine {0}?', name),
    questionMany: (count: string) => t('Undefine {0} domains?', count),
    consequence: () => lost,
    consequenceMany: () => lost,
  };
  if (!(await confirm(context, targets, question))) return;
  const going = goingOf(leftovers, choice);
  await forEachDomain(context, targets, WORDS, async (target, options) => {
    const files = found.get(target)?.files.filter((file) => going.has(file)) ?? [];
    await undefineDomain(target, { ...choice, files }, options);
  });
}

/** What cannot be looked at is told of, and left as it is. */
async function lookAt(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<ReadonlyMap<DomainTarget, Leftovers>> {
  const leaving = new Set(targets.map(({ uuid }) => uuid));
  const uses = new Map<Host, Promise<FileUse>>();
  const useOf = (host: Host) => {
    // All that go are no reason for each other to keep a file.
    const use =
      uses.get(host) ?? host.connect().then(async (connection) => FileUse.read(connection, leaving));
    uses.set(host, use);
    return use;
  };
  const found = new Map<DomainTarget, Leftovers>();
  await forEachDomain(context, targets, WORDS, async (target, options) =>
    found.set(target, await findLeftovers(target, { use: () => useOf(target.host) }, options)),
  );
  return found;
}

/** An image stays as long as a disk that starts from it does, whichever of the domains has that. */
function goingOf(leftovers: readonly Leftovers[], choice: UndefineChoice): ReadonlySet<DeletableFile> {
  const files = leftovers.flatMap((each) => each.files);
  return new Set(
    withoutBases(
      files.filter((file) => choice.files.has(file)),
      files,
    ),
  );
}

function consequence(leftovers: readonly Leftovers[], choice: UndefineChoice): string {
  const going = goingOf(leftovers, choice);
  const parts = [
    ...(choice.managedSave ? [t('the saved state')] : []),
    ...(choice.snapshots ? [t('the records (metadata) of snapshots')] : []),
    ...(choice.checkpoints ? [t('the records (metadata) of checkpoints')] : []),
    ...(choice.nvram ? [t('the NVRAM file')] : []),
    ...(choice.tpm ? [t('the TPM state')] : []),
    ...[...going].map(({ path }) => t('the file {0}', displayName(path))),
  ];
  const sentences = [
    ...runningSentence(leftovers),
    parts.length === 0
      ? t('The definition is deleted.')
      : `${t('The definition is deleted, and these with it for good:')}\n${parts.join('\n')}`,
    ...leftovers.flatMap(tpmSentence),
    ...(going.size === 0 ? [t('All disks are kept.')] : []),
    ...keptSentences(leftovers, choice, going),
  ];
  return sentences.join('\n\n');
}

/** What becomes of domains that run. */
function runningSentence(leftovers: readonly Leftovers[]): readonly string[] {
  const running = leftovers.filter(
    ({ target: { record } }) => record !== undefined && isActive(record.state),
  );
  if (running.length === 0) return [];
  return [
    leftovers.length === 1
      ? t('It keeps running, and disappears when it stops.')
      : t('Those that run keep running, and disappear when they stop.'),
  ];
}

/** What becomes of a TPM's state where nobody is asked. */
function tpmSentence({ target, tpm }: Leftovers): readonly string[] {
  if (tpm?.fate === 'kept') return [t('The TPM state of {0} is kept.', nameOf(target))];
  if (tpm?.fate !== 'deleted') return [];
  const runs = target.record !== undefined && isActive(target.record.state);
  return [
    runs
      ? t(
          'libvirt deletes the TPM state of {0} when that stops. Shut it off first to keep it.',
          nameOf(target),
        )
      : t('This libvirt deletes the TPM state of {0} in any case.', nameOf(target)),
  ];
}

function keptSentences(
  leftovers: readonly Leftovers[],
  choice: UndefineChoice,
  going: ReadonlySet<DeletableFile>,
): readonly string[] {
  const kept = leftovers.flatMap((each) => [...each.kept, ...keptNvram(each)].map(keptSentence));
  const needed = [...choice.files]
    .filter((file) => !going.has(file))
    .map(({ path }) => t('{0} is kept: a disk that is kept starts from it.', displayName(path)));
  const all = [...new Set([...needed, ...kept])];
  return all.length === 0 ? [] : [all.join('\n')];
}

function keptNvram({ nvram }: Leftovers): readonly KeptFile[] {
  return nvram?.canDelete === false ? [{ name: nvram.place ?? '', why: { kind: 'elsewhere' } }] : [];
}

function keptSentence({ name, why }: KeptFile): string {
  const file = displayName(name);
  switch (why.kind) {
    case 'used':
      return t('{0} is kept: {1} needs it.', file, why.by.map(displayName).join(', '));
    case 'shareable':
      return t('{0} is kept: its domain shares it with others.', file);
    case 'elsewhere':
      return t('{0} is kept: it is not a file of the host.', file);
    case 'pool-off':
      return t('{0} is kept: the pool {1} is not active.', file, displayName(why.pool));
    case 'unseen':
      return t('{0} is kept: {1}.', file, displayName(why.reason));
  }
}
