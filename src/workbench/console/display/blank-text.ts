import { t } from '@vscode/l10n';
import { explain, explained } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { Button } from '../../../webview/display/messages.ts';
import type { Graphics } from './graphics.ts';
import type { Blank } from './link.ts';

/** What stands where the picture would be, and what can be done about it. */
export interface BlankText {
  readonly text: string;
  readonly button: Button | undefined;
}

export function blankText(blank: Blank, name: string): BlankText {
  const who = displayName(name);
  switch (blank.kind) {
    case 'off':
      return {
        text: t('{0} is shut off. Its screen comes back when it starts.', who),
        button: { action: 'start', label: t('Start') },
      };
    case 'gone':
      return { text: t('{0} is no longer there.', who), button: undefined };
    case 'unreachable':
      return { text: t('The connection to the host of {0} was lost. Trying again…', who), button: undefined };
    case 'connecting':
      return { text: t('Connecting to {0}…', who), button: undefined };
    case 'no-vnc':
      return { text: withoutVnc(blank.graphics, who), button: retry() };
    case 'failed':
      return { text: explained(explain(blank.error)), button: retry() };
  }
}

function retry(): Button {
  return { action: 'retry', label: t('Try Again') };
}

function withoutVnc({ kind }: Graphics, who: string): string {
  switch (kind) {
    case 'spice':
      return t('{0} has only a SPICE display. Open it in remote-viewer, or add a VNC display.', who);
    case 'vnc-closed':
      return t(
        'The VNC display of {0} listens nowhere (listen type “none”): libvirt hands it out only as an open file, which cannot be used here. Listen type “socket” makes it reachable.',
        who,
      );
    default:
      return t('{0} has no display. You can add a VNC display.', who);
  }
}
