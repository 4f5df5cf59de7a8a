/** A ratio this many times the recorded one is no noise any more. */
const WORSE = 1.5;

/** A line for each ratio that is much worse than the recorded one of its name. */
export const worseThan = (recorded: Record<string, number>, found: Record<string, number>): string[] =>
  Object.entries(found).flatMap(([name, ratio]) => {
    const before = recorded[name];
    if (before === undefined || ratio <= before * WORSE) return [];
    return [
      `${name}: ${ratio.toFixed(2)}× is ${(ratio / before).toFixed(1)} times the recorded ${before.toFixed(2)}×`,
    ];
  });
