import { pathToFileURL } from 'node:url';
import { compiled, STRIPPED } from '../compile.mjs';

/**
 * The arguments that make this Node run a TypeScript file: none where it strips types itself, as Node does since 22.18;
 * else those that load `typescript.ts`, which does the same.
 */
export async function typescriptArguments(): Promise<string[]> {
  if ((process.features as { typescript?: unknown }).typescript === 'strip') return [];
  const words = [pathToFileURL(await compiled('typescript')).href, { data: STRIPPED }].map((one) =>
    JSON.stringify(one),
  );
  const script = `import { register } from 'node:module'; register(${words.join(', ')});`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
}
