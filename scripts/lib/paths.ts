import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** Bundles and pictures that the tests and benches make; never committed. */
export const out = join(root, 'out');

/** What every clone of one user shares: too big to install once per checkout. */
export const userCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kvm-workbench');
