import { ATTRIBUTES } from '../document/attributes.ts';
import { table } from './table.ts';

/** The table of docs/language.md: what a block's info string may say. */
export const attributeTable = (): string =>
  table(
    ['attribute', 'means', 'default'],
    Object.entries(ATTRIBUTES).map(([name, { means, usual }]) => [`\`${name}\``, means, usual]),
  );
