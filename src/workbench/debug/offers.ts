import { t } from '@vscode/l10n';
import { reasonText } from '../../client/libvirt/domain/state.ts';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import { isLeftPaused } from '../../model/operations/domain/left-paused.ts';
import { resumeDomain } from '../../model/operations/domain/resume.ts';
import { titleOf } from '../ui/commands.ts';
import { quoted } from '../ui/names.ts';
import { warn } from '../ui/notices.ts';
import type { Presenter } from '../ui/presenter.ts';

/** Asks what to do with a guest that panicked, and does it. */
export async function offerAfterPanic(
  target: DomainTarget,
  debug: (target: DomainTarget) => Promise<void>,
  dumpMemory: (target: DomainTarget) => Promise<void>,
): Promise<void> {
  const [debugIt, dumpIt] = [titleOf('kvm.domain.debug'), titleOf('kvm.domain.dumpMemory')];
  const name = quoted(target.name);
  const choice = await warn(t('{0} panicked. It is kept as it was at that moment.', name), debugIt, dumpIt);
  if (choice === debugIt) await debug(target);
  if (choice === dumpIt) await dumpMemory(target);
}

/** Says that a guest stands still for work that libvirt no longer does, and offers to let it go on. */
export async function offerToResume(target: DomainTarget, presenter: Presenter): Promise<void> {
  const name = quoted(target.name);
  try {
    if (!(await isLeftPaused(target, {}))) return;
  } catch (error) {
    presenter.background(`While looking why ${name} is paused`, error);
    return;
  }
  const why = reasonText(target.record?.reason ?? '');
  const resume = titleOf('kvm.domain.resume');
  const answer = await warn(
    t('{0} is still paused ({1}), although libvirt is no longer at work on it.', name, why),
    resume,
  );
  if (answer !== resume) return;
  try {
    await resumeDomain(target, {});
  } catch (error) {
    await presenter.failure(t('Could not resume {0}.', name), error);
  }
}
