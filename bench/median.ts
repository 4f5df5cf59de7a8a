/** The middle one, or the mean of the two in the middle. Throws RangeError where there is none. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return (low + high) / 2;
}
