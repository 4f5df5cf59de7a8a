import getPort from 'get-port';

/**
 * A free loopback port for each variable; one that the environment gives a number to keeps it. No two are the same,
 * and for some seconds this process gives none of them again, so that two replicas at once do not meet.
 */
export async function findFreePorts(
  variables: string[],
  environment: Record<string, string | undefined>,
): Promise<Record<string, number>> {
  const found = variables.map(async (variable): Promise<[string, number]> => {
    const given = environment[variable];
    return [variable, given ? Number(given) : await getPort({ host: '127.0.0.1' })];
  });
  return Object.fromEntries(await Promise.all(found));
}
