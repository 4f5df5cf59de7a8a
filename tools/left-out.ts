/**
 * What of a directory belongs to nobody's stack: what others bring, and what this tool leaves. It is neither copied into a
 * replica nor vouched for, and both for one reason.
 */
export const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git', '.runbook']);
