/** What stands in for a service's image: a server of this machine, or the service's own program. */
export type Image = 'postgres' | 'redis' | 'program';

/** Where the images of the servers keep their data. */
const DATA_DIRECTORIES = ['/var/lib/postgresql', '/data'];

/** Whether a path of a container is where the image of a server keeps its data, or below it. */
export const holdsData = (path: string): boolean =>
  DATA_DIRECTORIES.some((data) => path === data || path.startsWith(`${data}/`));

/** The major version of PostgreSQL that an image names; null where it names none. */
export const postgresMajor = (image: string | null): string | null =>
  /(?:^|\/)postgres:(\d+)/.exec(image ?? '')?.[1] ?? null;

/** Null for an image that nothing stands in for. */
export function serverOf({ image, context }: { image: string | null; context: string | null }): Image | null {
  const name = image?.split('/').at(-1)?.split(/[:@]/)[0];
  if (context !== null) return 'program';
  return name === 'postgres' || name === 'redis' ? name : null;
}
