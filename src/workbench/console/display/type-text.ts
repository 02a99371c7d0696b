import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { DisplayPanel } from './panel.ts';
import { keysFor } from './text-keys.ts';

/**
 * For each time that a key goes down or up. QEMU passes one on every 10 ms, keeps some hundreds that come faster and
 * then drops them; a PC keyboard that the guest is slow to read has room for about ten.
 */
const STROKE_MS = 20;

/**
 * Presses the keys of a text in the guest, one after another. Ends early when it is cancelled, or when the display
 * takes no more keys, and then tells how far it came.
 */
export async function typeText(display: DisplayPanel, text: string): Promise<void> {
  const chords = keysFor(text);
  const guest = quoted(display.name);
  const { client } = display;
  let typed = 0;
  const cancelled = await withProgress(`Typing ${chords.length} characters into ${guest}`, async (cancel) => {
    for (const keys of chords) {
      if (cancel.aborted || display.viewOnly || client === undefined || client.aborted) break;
      display.send({ type: 'keys', keys });
      typed++;
      await sleep(2 * keys.length * STROKE_MS);
    }
    return cancel.aborted;
  });
  if (typed === chords.length || cancelled) return;
  void vscode.window.showWarningMessage(
    `Only ${typed} of ${chords.length} characters were typed into ${guest}, since its display takes no more.`,
  );
}
