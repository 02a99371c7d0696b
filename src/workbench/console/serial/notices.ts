import { reasonText, type StateReason } from '../../../client/libvirt/domain/state.ts';
import { explain } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { Notice } from './session.ts';

const AGAIN = 'Press Enter to try again.';

/** What a notice says in a terminal, in sentences. `what` is the port, `name` the domain. */
export function noticeText(notice: Notice, name: string, what: string): string {
  const who = displayName(name);
  switch (notice.kind) {
    case 'attached':
      return notice.again
        ? `${who} runs: connected to ${what} again.`
        : `Connected to ${what} of ${who}. Press Enter if it shows nothing.`;
    case 'waiting':
      return notice.ran
        ? `${who} ${ending(notice.reason)}. This terminal stays, and connects when it starts again.`
        : `${who} does not run. This terminal connects when it starts.`;
    case 'gone':
      return `${who} is no longer there.`;
    case 'taken-over':
      return `Another client has taken over ${what} of ${who}. Press Enter to take it back.`;
    case 'declined':
      return `Another client uses ${what} of ${who}. ${AGAIN}`;
    case 'unreachable':
      return `The connection to its host was lost. This terminal connects when the host is back.`;
    case 'failed': {
      const { reason, hint } = explain(notice.error);
      return `${what} of ${who} could not be opened: ${reason}.${hint === undefined ? '' : ` ${hint}`} ${AGAIN}`;
    }
  }
}

/** libvirt's reasons for being shut off, as what happened. */
const ENDINGS = new Map<StateReason, string>([
  ['shut-down', 'has shut down'],
  ['forced-off', 'was forced off'],
  ['crashed', 'has crashed'],
  ['saved', 'was saved'],
  ['migrated', 'has moved to another host'],
]);

function ending(reason: StateReason): string {
  return ENDINGS.get(reason) ?? (reason === '' ? 'is off' : `is off (${reasonText(reason)})`);
}
