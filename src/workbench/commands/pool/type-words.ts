import { t } from '@vscode/l10n';
import type { PoolType } from '../../../model/storage/pool-types.ts';

/** A type of pool, as a person knows it. */
export function poolTypeWords(type: PoolType): { readonly label: string; readonly detail: string } {
  const words: Readonly<Record<PoolType, readonly [string, string]>> = {
    dir: [t('Directory'), t('image files in a directory of the host')],
    fs: [t('File System'), t('image files on a device that is formatted and mounted for them')],
    netfs: [t('Network File System'), t('image files on an NFS, CIFS or GlusterFS server')],
    logical: [t('LVM Volume Group'), t('each volume is a logical volume')],
    disk: [t('Disk'), t('each volume is a partition of a disk')],
    iscsi: [t('iSCSI'), t('the logical units of a target, attached by the host')],
    'iscsi-direct': [t('iSCSI without the Host’s Initiator'), t('QEMU speaks to the target itself')],
    scsi: [t('SCSI Host Adapter'), t('the logical units of an adapter')],
    mpath: [t('Multipath'), t('the multipath devices of the host')],
    rbd: [t('Ceph RBD'), t('the images of a Ceph pool')],
    gluster: [t('Gluster'), t('image files in a Gluster volume, without mounting it')],
    zfs: [t('ZFS'), t('each volume is a ZFS volume')],
    vstorage: [t('Virtuozzo Storage'), t('image files in a Virtuozzo cluster')],
  };
  const [label, detail] = words[type];
  return { label, detail };
}
