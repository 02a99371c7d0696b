import * as vscode from 'vscode';
import { withoutControls } from '../../model/text/visible.ts';

/**
 * Puts text on the clipboard. What daemons and guests said is in it, and a terminal would act on control characters
 * when it is pasted there. Every text that goes to the clipboard goes through here.
 */
export async function copyText(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(withoutControls(text));
}
