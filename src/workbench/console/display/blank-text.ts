import { explain } from '../../ui/failure.ts';
import { displayName } from '../../ui/names.ts';
import type { Blank } from './link.ts';

/** What stands where the picture would be, and what can be done about it. */
export interface BlankText {
  readonly text: string;
  readonly action: 'start' | 'retry' | undefined;
}

export function blankText(blank: Blank, name: string): BlankText {
  const who = displayName(name);
  switch (blank.kind) {
    case 'off':
      return { text: `${who} does not run. Its screen comes back when it starts.`, action: 'start' };
    case 'gone':
      return { text: `${who} is no longer there.`, action: undefined };
    case 'unreachable':
      return { text: `The connection to the host of ${who} was lost. It is tried again.`, action: undefined };
    case 'connecting':
      return { text: `Connecting to ${who}…`, action: undefined };
    case 'no-vnc':
      return { text: withoutVnc(blank.graphics.kind, who), action: 'retry' };
    case 'failed': {
      const { reason, hint } = explain(blank.error);
      return { text: `${reason}.${hint === undefined ? '' : ` ${hint}`}`, action: 'retry' };
    }
  }
}

function withoutVnc(kind: string, who: string): string {
  switch (kind) {
    case 'spice':
      return `${who} has a SPICE display only. Open it in remote-viewer, or add a VNC display.`;
    case 'vnc-closed':
      return `The VNC display of ${who} listens nowhere (listen type “none”): libvirt hands it out as an open file only, which cannot be taken here. With listen type “socket” it can be reached.`;
    default:
      return `${who} has no display. A VNC display can be added to it.`;
  }
}
