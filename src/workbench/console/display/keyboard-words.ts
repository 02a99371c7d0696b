import { t } from '@vscode/l10n';
import { displayName } from '../../ui/names.ts';
import { setting } from '../../ui/settings.ts';
import { type LeaveKey, parseLeaveKey, USUAL_LEAVE_KEY } from '../../../webview/display/leave-key.ts';
import type { ToDisplay } from '../../../webview/display/messages.ts';

/** The keys that take the keyboard back from a guest, and what is said and heard about that. */
export function keyboardMessage(name: string): Extract<ToDisplay, { type: 'keyboard' }> {
  const who = displayName(name);
  const [keys, key] = leaveKey(setting('kvm.display.leaveKey'));
  return {
    type: 'keyboard',
    key,
    words: {
      screen: t('Screen of {0}', who),
      leave: t('Press {0} to release the keyboard and mouse.', keys),
      left: t('{0} no longer gets the keyboard.', who),
      back: t('Type into {0}', who),
    },
  };
}

/** What stands in the settings may be anything. */
function leaveKey(text: unknown): readonly [string, LeaveKey] {
  const key = typeof text === 'string' ? parseLeaveKey(text) : undefined;
  if (key !== undefined) return [String(text), key];
  const usual = parseLeaveKey(USUAL_LEAVE_KEY);
  if (usual === undefined) throw new TypeError(`${USUAL_LEAVE_KEY} are no keys`);
  return [USUAL_LEAVE_KEY, usual];
}
