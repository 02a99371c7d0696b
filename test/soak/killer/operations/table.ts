import type { Operation } from '../scene.ts';
import { onAccess } from './access.ts';
import { onGuests } from './guests.ts';
import { onHost } from './host.ts';
import { onImages } from './images.ts';

/** Everything that takes several steps: what is added here is killed as well. */
export const operations: readonly Operation[] = [...onImages, ...onAccess, ...onHost, ...onGuests];

/** What two windows do at the same time most often. */
export const together: readonly Operation[] = onGuests.slice(0, 2);

/** @throws Error when there is none of that name */
export function operationNamed(name: string): Operation {
  const found = operations.find((each) => each.name === name);
  if (found === undefined)
    throw new Error(`There is no operation “${name}”: ${operations.map((each) => each.name).join(', ')}`);
  return found;
}
