import type { TypedParameter } from '../../../../src/client/rpc/types.ts';

/** Parameters as daemons send them, the type by the look of the value. */
export function parameters(
  values: Record<string, number | bigint | string | boolean>,
): readonly TypedParameter[] {
  return Object.entries(values).map(([field, value]) => {
    if (typeof value === 'bigint') return { field, type: 'ullong', value };
    if (typeof value === 'string') return { field, type: 'string', value };
    if (typeof value === 'boolean') return { field, type: 'boolean', value };
    return { field, type: Number.isInteger(value) ? 'uint' : 'double', value };
  });
}
