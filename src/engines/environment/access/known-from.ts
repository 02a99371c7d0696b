import { t } from '@vscode/l10n';

/** What told where a guest is reached. */
export type KnownFrom = 'lease' | 'agent' | 'arp' | 'user' | 'passt';

/** For people, as a remark behind an address. */
export function knownFromText(from: KnownFrom): string {
  switch (from) {
    case 'lease':
      return t('DHCP lease');
    case 'agent':
      return t('guest agent');
    case 'arp':
      return t('ARP table');
    case 'user':
      return t('user networking');
    case 'passt':
      return 'passt';
  }
}
