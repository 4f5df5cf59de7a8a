/** What a block or a statement does to the database or the host, the mildest first. */
export const EFFECTS = ['reads', 'writes', 'destroys'] as const;
export type Effect = (typeof EFFECTS)[number];
