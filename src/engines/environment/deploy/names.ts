import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';

/** Identifies a kvm.yaml: the same after a restart, and different for each machine, user and path. */
export function workspaceId(file: string): string {
  return digest(`${hostname()}\0${userInfo().username}\0${file}`).slice(0, 16);
}

/** A MAC address in QEMU's range that stays the same for a guest's card. */
export function macFor(id: string, guest: string, index: number): string {
  const bytes = digest(`${id}\0${guest}\0${index}`).match(/../gu) ?? [];
  return ['52', '54', '00', ...bytes.slice(0, 3)].join(':');
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Whether a volume is only a copy of a file, which can be made again. */
export function isStaged({ name }: { readonly name: string }): boolean {
  return /-(?:kernel|initrd|iso)-[0-9a-f]{8}$|-seed(?:-[0-9a-f]{8})?\.iso$/u.test(name);
}

/** Whether a volume is one that its guest writes to. */
export function isDisk({ name }: { readonly name: string }): boolean {
  return /-disk\d+\.[a-z0-9]+$/u.test(name);
}
