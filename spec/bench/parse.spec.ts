import { execa } from 'execa';
import { expect, it } from 'vitest';

it('the bench of parsing and matching gives each of its cases at each size', {
  timeout: 120_000,
}, async () => {
  const { stdout } = await execa('node_modules/.bin/tsx', ['bench/parse.ts', '1000', '5000']);
  const [head = '', , ...rows] = stdout.split('\n');
  expect(head).toBe('| ns/byte | 1 kB | 5 kB |');
  expect(rows.length).toBe(15);
  for (const row of rows) expect(row).toMatch(/^\| [^|]+ \| \d+ \| \d+ \|$/);
});
