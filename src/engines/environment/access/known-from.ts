import { t } from '@vscode/l10n';

/** How the address of a guest is known. */
export type KnownFrom = 'lease' | 'agent' | 'arp' | 'user' | 'passt';

/** The same for people, to stand beside an address. */
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
