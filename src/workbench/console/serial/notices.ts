import { t } from '@vscode/l10n';
import { reasonText, type StateReason } from '../../../client/libvirt/domain/state.ts';
import { explain, explained } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { Notice } from './session.ts';

/** What a notice says in a terminal, in sentences. `what` is the port, `name` the domain. */
export function noticeText(notice: Notice, name: string, what: string): string {
  const who = displayName(name);
  switch (notice.kind) {
    case 'attached':
      return notice.again
        ? t('{0} is running: connected to {1} again.', who, what)
        : t('Connected to {0} of {1}. Press Enter if it shows nothing.', what, who);
    case 'waiting':
      return notice.ran
        ? `${ending(notice.reason, who)} ${t('This terminal stays, and connects when it starts again.')}`
        : t('{0} is shut off. This terminal connects when it starts.', who);
    case 'gone':
      return t('{0} is no longer there.', who);
    case 'taken-over':
      return t('Another client has taken over {0} of {1}. Press Enter to take it back.', what, who);
    case 'declined':
      return t('Another client uses {0} of {1}. Press Enter to try again.', what, who);
    case 'unreachable':
      return t('The connection to the host was lost. This terminal connects when the host is back.');
    case 'failed':
      return [
        t('Could not open {0} of {1}.', what, who),
        explained(explain(notice.error)),
        t('Press Enter to try again.'),
      ].join(' ');
  }
}

/** libvirt's reasons for being shut off, as what happened. */
const ENDINGS = new Map<StateReason, (who: string) => string>([
  ['', (who) => t('{0} is shut off.', who)],
  ['shut-down', (who) => t('{0} has shut down.', who)],
  ['forced-off', (who) => t('{0} was forced off.', who)],
  ['crashed', (who) => t('{0} has crashed.', who)],
  ['saved', (who) => t('{0} was saved.', who)],
  ['migrated', (who) => t('{0} has moved to another host.', who)],
]);

function ending(reason: StateReason, who: string): string {
  return ENDINGS.get(reason)?.(who) ?? t('{0} is shut off ({1}).', who, reasonText(reason));
}
