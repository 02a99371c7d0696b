import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import { quoted } from '../../ui/names.ts';

/** Quoted for a sentence; the key when the name is gone with its object. */
export function objectName(target: ObjectTarget): string {
  return quoted(target.record?.name ?? target.name.key);
}
