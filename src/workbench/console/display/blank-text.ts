import { t } from '@vscode/l10n';
import type { DomainCondition } from '../../../model/inventory/kinds/domain-record.ts';
import type { Listen } from '../../../model/operations/domain/vnc-xml.ts';
import { explain, explained } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { Action, Button } from '../../../webview/display/messages.ts';
import type { Graphics } from './graphics.ts';
import type { Blank } from './link.ts';

/** What stands where the picture would be, or over it, and what can be done about it. */
export interface BlankText {
  readonly text: string;
  readonly buttons: readonly Button[];
}

export function blankText(blank: Blank, name: string): BlankText {
  const who = displayName(name);
  switch (blank.kind) {
    case 'off':
      return { text: offText(blank.condition, who), buttons: [button('start')] };
    case 'gone':
      return { text: t('{0} is no longer there.', who), buttons: [] };
    case 'unreachable':
      return { text: t('The connection to the host of {0} was lost. Trying again…', who), buttons: [] };
    case 'connecting':
      return { text: t('Connecting to {0}…', who), buttons: [] };
    case 'no-vnc':
      return withoutVnc(blank.graphics, blank.listen, who);
    case 'vnc-added':
      return {
        text: t(
          '{0} has a VNC display from its next start on. Shut it down and start it to see it here.',
          who,
        ),
        buttons: [],
      };
    case 'failed':
      return { text: explained(explain(blank.error)), buttons: [button('retry')] };
  }
}

/** Why the picture of a guest that is not off stands still; empty when it does not. */
export function stillText(condition: DomainCondition | undefined, name: string): BlankText {
  const who = displayName(name);
  switch (condition) {
    case 'paused':
      return { text: t('{0} is paused.', who), buttons: [button('resume')] };
    case 'suspended':
      return { text: t('{0} is asleep.', who), buttons: [] };
    case 'crashed':
      return { text: t('{0} has crashed. This is the last of its screen.', who), buttons: [] };
    case 'shutting-down':
      return { text: t('{0} is shutting down.', who), buttons: [] };
    default:
      return { text: '', buttons: [] };
  }
}

function offText(condition: DomainCondition, who: string): string {
  if (condition === 'saved') return t('{0} is saved. When it starts, it goes on where it was.', who);
  if (condition === 'crashed')
    return t('{0} has crashed and is off. Its screen comes back when it starts.', who);
  if (condition === 'start-failed')
    return t('{0} failed to start. Its screen comes back when it starts.', who);
  return t('{0} is shut off. Its screen comes back when it starts.', who);
}

const LABELS: Record<Action, () => string> = {
  start: () => t('Start'),
  resume: () => t('Resume'),
  retry: () => t('Try Again'),
  addVnc: () => t('Add VNC Display'),
  remoteViewer: () => t('Open in remote-viewer'),
};

function button(action: Action, label = LABELS[action]()): Button {
  return { action, label };
}

function withoutVnc({ kind }: Graphics, listen: Listen, who: string): BlankText {
  const add = button('addVnc');
  switch (kind) {
    case 'spice':
      return {
        text: t('{0} has a SPICE display, which cannot be shown here.', who),
        buttons: [button('remoteViewer'), add],
      };
    case 'vnc-closed':
      return listen.kind === 'socket'
        ? {
            text: t(
              'The VNC display of {0} listens nowhere. It can listen on a private socket of its host.',
              who,
            ),
            buttons: [button('addVnc', t('Use a Socket'))],
          }
        : {
            text: t(
              'The VNC display of {0} listens nowhere. It can listen on a port that only its host can reach, with a password.',
              who,
            ),
            buttons: [button('addVnc', t('Use a Port with a Password'))],
          };
    default:
      return { text: t('{0} has no display.', who), buttons: [add] };
  }
}
