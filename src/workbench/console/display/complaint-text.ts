import { t } from '@vscode/l10n';
import type { Complaint } from '../../../webview/display/messages.ts';

/** What the page of a display found wrong with what the server sent, without a full stop. */
export function complaintText({ fault, detail }: Complaint): string {
  switch (fault) {
    case 'size':
      return t('The display claims to have {0} pixels', detail);
    case 'outside':
      return t('The display draws outside of its screen');
    case 'pointer':
      return t('The display sends a mouse pointer that is too large');
    case 'protocol':
      return t('The display sent something that is not valid VNC: {0}', detail);
  }
}
