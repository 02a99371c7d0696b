/** A string, or an address on the first page with the symbol that gdb finds for it. */
const STRING_OR_SMALL = /"(?:[^"\\]|\\.)*"|\b(0x[\da-f]{1,3}) <[\w.$@:]+(?:\+\d+)?>/g;

/**
 * A value without symbols for NULL and what is near it. A kernel that counts its per-CPU data from 0 has such, and
 * whoever reads `0x0 <fixed_percpu_data>` takes a pointer to nothing for one to data.
 */
export function readable(value: string): string {
  return value.replaceAll(STRING_OR_SMALL, (all, address: string | undefined) => address ?? all);
}
