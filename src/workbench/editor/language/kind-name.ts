import { t } from '@vscode/l10n';
import type { DocumentKind } from '../../../language/schema/kinds.ts';

const KIND_NAMES: Readonly<Record<DocumentKind, () => string>> = {
  capability: () => t('libvirt Capabilities'),
  cpu: () => t('libvirt CPU'),
  device: () => t('libvirt Device'),
  domain: () => t('libvirt Domain'),
  domainbackup: () => t('libvirt Backup'),
  domaincaps: () => t('libvirt Domain Capabilities'),
  domaincheckpoint: () => t('libvirt Checkpoint'),
  domainsnapshot: () => t('libvirt Snapshot'),
  inactiveDomain: () => t('libvirt Inactive Domain'),
  interface: () => t('libvirt Host Interface'),
  network: () => t('libvirt Network'),
  networkport: () => t('libvirt Network Port'),
  nodedev: () => t('libvirt Node Device'),
  nwfilter: () => t('libvirt Network Filter'),
  nwfilterbinding: () => t('libvirt Filter Binding'),
  secret: () => t('libvirt Secret'),
  storagepool: () => t('libvirt Storage Pool'),
  storagepoolcaps: () => t('libvirt Storage Pool Capabilities'),
  storagevol: () => t('libvirt Storage Volume'),
};

/** What a document of the kind is called in the status bar. */
export function kindName(kind: DocumentKind): string {
  return KIND_NAMES[kind]();
}
