import { expect, it } from 'vitest';
import { judge } from '../../tools/outcome/judge.ts';
import { blockOf } from '../support/document.ts';
import { OUTCOMES } from './outcome-cases.ts';

it.each(OUTCOMES)('$name: $status', ({ lines, output, status, examples = true }) => {
  expect(judge(blockOf(...lines), output, { examples }).status).toBe(status);
});
