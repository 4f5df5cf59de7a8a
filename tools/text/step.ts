/** The step that a section of this path belongs to: what stands inside `step-3` is step 3, and any other section itself. */
export const stepOf = (path: string): string => /^step-\d+(?=\/|$)/.exec(path)?.[0] ?? path;
