export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least this part of all is not above. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)];
  if (value === undefined) throw new Error('Nothing was measured');
  return value;
}
