import type { DiskFormat } from '../../../model/disk-image/qemu-img.ts';

/** A well-known image, with the addresses of its file and of its publisher's checksum. */
export interface CatalogueImage {
  /** What kvm.yaml calls it. */
  readonly name: string;
  /** For a list. */
  readonly title: string;
  readonly url: string;
  /** A list of checksums in the manner of sha256sum or BSD, or the digest itself as `sha256:…`. */
  readonly checksum: string;
  readonly format: DiskFormat;
  /** The least memory in GiB with which its package manager still works. */
  readonly memoryGib: number;
}

// not for people: the name is the same in every language
function debian(version: number, code: string): CatalogueImage {
  const folder = `https://cloud.debian.org/images/cloud/${code}/latest`;
  return {
    name: `debian-${version}`,
    title: `Debian ${version} (${code})`,
    url: `${folder}/debian-${version}-genericcloud-amd64.qcow2`,
    checksum: `${folder}/SHA512SUMS`,
    format: 'qcow2',
    memoryGib: 1,
  };
}

// not for people: the name is the same in every language
function ubuntu(version: string, code: string): CatalogueImage {
  const folder = `https://cloud-images.ubuntu.com/${code}/current`;
  return {
    name: `ubuntu-${version}`,
    title: `Ubuntu ${version} LTS`,
    url: `${folder}/${code}-server-cloudimg-amd64.img`,
    checksum: `${folder}/SHA256SUMS`,
    format: 'qcow2',
    memoryGib: 2,
  };
}

/** Publishers keep these addresses for the life of a release, and the checksum there is read at each download. */
// not for people: their names are the same in every language
export const CATALOGUE: readonly CatalogueImage[] = [
  debian(13, 'trixie'),
  debian(12, 'bookworm'),
  ubuntu('24.04', 'noble'),
  ubuntu('22.04', 'jammy'),
  {
    name: 'almalinux-9',
    title: 'AlmaLinux 9',
    url: 'https://repo.almalinux.org/almalinux/9/cloud/x86_64/images/AlmaLinux-9-GenericCloud-latest.x86_64.qcow2',
    checksum: 'https://repo.almalinux.org/almalinux/9/cloud/x86_64/images/CHECKSUM',
    format: 'qcow2',
    memoryGib: 2,
  },
  {
    name: 'rocky-9',
    title: 'Rocky Linux 9',
    url: 'https://dl.rockylinux.org/pub/rocky/9/images/x86_64/Rocky-9-GenericCloud-Base.latest.x86_64.qcow2',
    checksum: 'https://dl.rockylinux.org/pub/rocky/9/images/x86_64/CHECKSUM',
    format: 'qcow2',
    memoryGib: 2,
  },
  {
    name: 'arch',
    title: 'Arch Linux',
    url: 'https://geo.mirror.pkgbuild.com/images/latest/Arch-Linux-x86_64-cloudimg.qcow2',
    checksum: 'https://geo.mirror.pkgbuild.com/images/latest/Arch-Linux-x86_64-cloudimg.qcow2.SHA256',
    format: 'qcow2',
    memoryGib: 1,
  },
];
