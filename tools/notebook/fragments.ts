/** Pieces of a page by the ids of their elements, each with the version in which it changed last. */
export interface Fragments {
  /** Of the newest change; a browser that has seen it has seen all. */
  version: number;
  put(id: string, html: string): void;
  /** What has changed since a version, in the order of the changes. */
  since(version: number): { id: string; html: string; version: number }[];
}

export function makeFragments(): Fragments {
  const pieces = new Map<string, { html: string; version: number }>();
  const fragments: Fragments = {
    version: 0,
    put(id, html) {
      if (pieces.get(id)?.html === html) return;
      fragments.version += 1;
      // A piece that is put again stands behind the others: so the newest changes are the last ones of the map.
      pieces.delete(id);
      pieces.set(id, { html, version: fragments.version });
    },
    since(version) {
      return [...pieces]
        .filter(([, piece]) => piece.version > version)
        .map(([id, piece]) => ({ id, ...piece }));
    },
  };
  return fragments;
}
