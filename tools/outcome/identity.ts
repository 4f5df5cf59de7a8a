/** The machine, the directory and the database that a run is bound to. */
export interface Identity {
  /** What the host calls itself: `uname -n`. */
  host: string;
  /** Of /etc/machine-id or its like; null where the host has none. */
  machine_id: string | null;
  /** The real path of the project's directory. */
  directory: string;
  /** Of the PostgreSQL cluster; null without a database. */
  system_identifier: string | null;
  database: string | null;
}

const WORDS: Record<keyof Identity, string> = {
  host: 'host',
  machine_id: 'machine',
  directory: 'directory',
  system_identifier: 'cluster',
  database: 'database',
};

/** For a person: `nas1 (machine 4f2a…), /srv/shop, database shop of cluster 7312…`. */
export function showIdentity({ host, machine_id, directory, system_identifier, database }: Identity): string {
  const machine = machine_id === null ? '' : ` (machine ${machine_id})`;
  const cluster = system_identifier === null ? '' : ` of cluster ${system_identifier}`;
  return `${host}${machine}, ${directory}${database === null ? '' : `, database ${database}${cluster}`}`;
}

/**
 * What a run destroys on, as a person must see it before: the host, as it calls itself where it has been asked and as the
 * tool does, and the database.
 */
export function whereOf(target: string, identity: Identity | null, database: string | undefined): string {
  const machine = identity?.machine_id ? `, machine ${identity.machine_id}` : '';
  const host = identity ? `${identity.host} (${target}${machine})` : target;
  const name = identity?.database ?? database;
  return name ? `${host}, database ${name}` : host;
}

/**
 * In what what is there now differs from what a run is bound to, with both sides of each difference; null where it is
 * the same. What only one of the two knows counts as a difference, too: nothing proves that it is the same.
 */
export function differenceOf(bound: Identity, found: Identity): string | null {
  const keys = (Object.keys(WORDS) as (keyof Identity)[]).filter((key) => bound[key] !== found[key]);
  if (keys.length === 0) return null;
  const side = (identity: Identity) =>
    keys.map((key) => `${WORDS[key]} ${identity[key] ?? 'unknown'}`).join(', ');
  return `it was ${side(bound)}, and is now ${side(found)}`;
}
