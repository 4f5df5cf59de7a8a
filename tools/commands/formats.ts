/** The forms in which `check` writes problems. */
export const CHECK_FORMATS = ['text', 'json', 'github'] as const;
export type CheckFormat = (typeof CHECK_FORMATS)[number];

/** The forms in which `report` writes a run. */
export const REPORT_FORMATS = ['json', 'html', 'junit', 'markdown'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The forms in which `report` writes two runs side by side. */
export const TWO_RUNS_FORMATS = ['text', 'markdown', 'json'] as const;
export type TwoRunsFormat = (typeof TWO_RUNS_FORMATS)[number];

/** The forms in which `runs` lists runs. */
export const RUNS_FORMATS = ['text', 'json'] as const;
export type RunsFormat = (typeof RUNS_FORMATS)[number];

/** The shells whose words can be completed. */
export const COMPLETED_SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletedShell = (typeof COMPLETED_SHELLS)[number];
