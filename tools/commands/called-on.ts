import { CALLED } from '../called.ts';
import { quote } from '../text/quote.ts';

/** How a person calls this tool on a runbook: what a command's name is put behind. */
export const calledOn = (path: string): string =>
  path === 'runbook.md' ? CALLED : `${CALLED} --runbook ${quote(path)}`;
