import * as z from 'zod';

/** What may stand behind a key that says how a host is reached. */
export interface HostKey {
  pattern: RegExp;
  /** What is said of a value that does not match, such as `is no user@host`. */
  otherwise: string;
}

/** Every key by which the front matter can say how a host is reached, such as `ssh`. */
export type HostKeys = Readonly<Record<string, HostKey>>;

/** Where a host is. */
export interface HostAddress {
  /** The key that says how it is reached, such as `ssh`; null is the machine that the tool runs on. */
  key: string | null;
  /** What stands behind the key, such as `admin@shop`: what the host is called in messages and journals. */
  name: string;
  /** The compose project's directory there. */
  directory: string;
  /** Directories of programs that stand before PATH there, e.g. of its vendor. */
  path: string[];
}

/** The schema of a host in the front matter: at most one of these keys, and the directory. */
export function hostAddressSchema(keys: HostKeys) {
  const values = Object.entries(keys).map(([key, { pattern, otherwise }]) => [
    key,
    z.string().regex(pattern, otherwise).optional(),
  ]);
  const shape: Record<string, z.ZodOptional<z.ZodString>> = Object.fromEntries(values);
  return z
    .strictObject({
      ...shape,
      directory: z.string().startsWith('/', 'does not begin with /'),
      path: z.array(z.string().regex(/^\/[^:]*$/, 'is no directory')).default([]),
    })
    .refine((written) => waysOf(written).length < 2, 'says in two ways how the host is reached')
    .transform((written): HostAddress => {
      const [[key, name] = [null, 'this machine']] = waysOf(written);
      return { key, name, directory: written.directory, path: written.path };
    });
}

const waysOf = ({ directory, path, ...ways }: Record<string, unknown>): [string, string][] =>
  Object.entries(ways).filter((way): way is [string, string] => typeof way[1] === 'string');
