// Starts a program of the tool: `node tools/start.mjs PROGRAM [WORD …]`. Plain JavaScript: what it starts is compiled.
import { pathToFileURL } from 'node:url';
import { compiled } from './compile.mjs';

const [, , name = 'runbook', ...words] = process.argv;
const program = await compiled(name).catch((error) => {
  console.error(error.message);
  process.exit(3);
});
// The program finds its words where a Node of its own would have them.
process.argv = [process.execPath, program, ...words];
await import(pathToFileURL(program).href);
