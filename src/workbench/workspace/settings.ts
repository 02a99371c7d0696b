import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AddedImage } from '../../engines/environment/images/image-store.ts';
import { setting } from '../ui/settings.ts';

/** Where base images are kept. */
export function imageFolder(): string {
  const folder = setting('kvm.images.folder');
  if (typeof folder === 'string' && folder !== '') return folder.replace(/^~(?=\/)/u, homedir());
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kvm-workbench', 'images');
}

/** The images that a person added to the catalogue; what is none is left out. */
export function addedImages(): readonly AddedImage[] {
  const images = setting('kvm.images.catalogue');
  return Array.isArray(images) ? images.filter(isAddedImage) : [];
}

function isAddedImage(value: unknown): value is AddedImage {
  if (typeof value !== 'object' || value === null) return false;
  const { name, url, checksum } = value as Partial<Record<string, unknown>>;
  return [name, url, checksum].every((each) => typeof each === 'string' && each !== '');
}

/** How long to wait until a guest accepts logins. */
export function bootTimeoutMs(): number {
  const minutes = setting('kvm.environment.bootTimeout');
  return (typeof minutes === 'number' && minutes > 0 ? minutes : 10) * 60_000;
}

/** How long to wait until a guest has shut down, before it is forced off. */
export function shutdownPatienceMs(): number {
  const seconds = setting('kvm.environment.shutdownTimeout');
  return (typeof seconds === 'number' && seconds >= 0 ? seconds : 30) * 1000;
}
