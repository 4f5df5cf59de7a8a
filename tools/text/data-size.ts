/** The sizes of seeded data: what `{data}` may stand for in the name of a seed's file. */
export const DATA_SIZES = ['small', 'medium', 'large'] as const;
export type DataSize = (typeof DATA_SIZES)[number];

/** Whether what a replica holds is the seeded data, and no dump. */
export const isDataSize = (text: string): text is DataSize =>
  (DATA_SIZES as readonly string[]).includes(text);
