import type { Host } from './host.ts';

/** How long an engine may take to say its version. */
const PATIENCE_MS = 30_000;

/**
 * Why the Docker engine on a host does not answer, in a sentence; null where it does. For a block that failed: where
 * the engine has gone, what it printed says nothing about the block.
 */
export async function engineLost(host: Host): Promise<string | null> {
  const child = host.start(['docker', 'version', '--format', '{{.Server.Version}}']);
  child.stdin.on('error', () => undefined).end();
  child.stdout.resume();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said = error.message;
      resolve(null);
    });
    child.once('exit', resolve);
  });
  clearTimeout(timer);
  if (code === 0) return null;
  const why = said.trim().split('\n').at(-1) || `it did not say its version in ${PATIENCE_MS / 1000} s`;
  return `the Docker engine on ${host.name} has gone: ${why}`;
}
