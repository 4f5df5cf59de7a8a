declare const RUNBOOK_COMMAND: string | undefined;

/** How a person calls this tool: in a checkout, or where packing put something else in the place of the name above. */
export const CALLED = typeof RUNBOOK_COMMAND === 'undefined' ? 'npm run -s runbook --' : RUNBOOK_COMMAND;
