import { t } from '@vscode/l10n';
import type { DebugProtocol } from '@vscode/debugprotocol';

/** What gdb says of a stop. A number that it counts is text as well. */
export interface Stop {
  readonly reason?: string;
  readonly 'signal-name'?: string;
  readonly 'thread-id'?: string;
  readonly 'stopped-threads'?: string;
  readonly wpt?: Watchpoint;
  readonly 'hw-rwpt'?: Watchpoint;
  readonly 'hw-awpt'?: Watchpoint;
  readonly value?: { readonly old?: string; readonly new?: string; readonly value?: string };
}

interface Watchpoint {
  readonly number: string;
  readonly exp: string;
}

type Told = Pick<DebugProtocol.StoppedEvent['body'], 'reason' | 'description' | 'text' | 'hitBreakpointIds'>;

/** How a stop is told to the editor, where the library does not know it: data that changed, and a pause. */
export function toldStop(stop: Stop): Told | undefined {
  const watched = stop.wpt ?? stop['hw-rwpt'] ?? stop['hw-awpt'];
  if (watched !== undefined)
    return {
      // not for people: a word of the protocol's
      reason: 'data breakpoint',
      description: t('Paused on data breakpoint'),
      text: changeOf(watched.exp, stop.value),
      hitBreakpointIds: [Number(watched.number)],
    };
  if (stop.reason === 'signal-received' && stop['signal-name'] === 'SIGINT')
    return { reason: 'pause', description: t('Paused') };
  return undefined;
}

function changeOf(what: string, { old, new: now, value }: NonNullable<Stop['value']> = {}): string {
  if (old !== undefined && now !== undefined) return `${what}: ${old} → ${now}`;
  return `${what}: ${now ?? value ?? ''}`;
}
