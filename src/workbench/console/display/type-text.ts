import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { DisplayPanel } from './panel.ts';
import { keysFor } from './text-keys.ts';
import { warn } from '../../ui/notices.ts';

/**
 * How long each press and each release of a key takes. QEMU passes one on every 10 ms, queues some hundreds that come
 * faster and drops the rest; a PC keyboard that the guest is slow to read has room for about ten.
 */
const STROKE_MS = 20;

/**
 * Types a text in the guest, key by key. It ends early when it is cancelled, or when the display takes no more keys:
 * then it says how far it came.
 */
export async function typeText(display: DisplayPanel, text: string): Promise<void> {
  const chords = keysFor(text);
  const guest = quoted(display.name);
  const { client } = display;
  let typed = 0;
  const title =
    chords.length === 1
      ? t('Typing one character into {0}', guest)
      : t('Typing {0} characters into {1}', chords.length, guest);
  const cancelled = await withProgress(title, async (cancel) => {
    for (const keys of chords) {
      if (cancel.aborted || display.viewOnly || client === undefined || client.aborted) break;
      display.send({ type: 'keys', keys });
      typed++;
      await sleep(2 * keys.length * STROKE_MS);
    }
    return cancel.aborted;
  });
  if (typed === chords.length || cancelled) return;
  void warn(
    t('Typed only {0} of {1} characters into {2}: its display takes no more.', typed, chords.length, guest),
  );
}
