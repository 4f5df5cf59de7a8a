/** A run and those that it went on from, the newest first: as far back as they are among `runs`. */
export function lineage<Run extends { id: string; resumes: string | null }>(
  run: Run,
  runs: readonly Run[],
): Run[] {
  const line: Run[] = [];
  let at: Run | undefined = run;
  while (at && !line.includes(at)) {
    const { resumes }: Run = at;
    line.push(at);
    at = runs.find(({ id }) => id === resumes);
  }
  return line;
}
