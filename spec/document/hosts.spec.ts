import { expect, it } from 'vitest';
import type { HostKeys } from '../../tools/document/host-address.ts';
import { parseDocument } from '../../tools/document/parse.ts';

const KEYS: HostKeys = {
  ssh: { pattern: /^\S+$/, otherwise: 'is no user@host' },
  container: { pattern: /^[\w-]+$/, otherwise: 'is no name of a container' },
};

/** The hosts of a front matter that names one, and what is wrong with it. */
function read(host: string) {
  const text = `---\nhosts:\n  shop: ${host}\n---\n\n# Shop\n`;
  const { frontMatter, problems } = parseDocument('runbook.md', Buffer.from(text), KEYS);
  const told = problems.map(
    ({ line, column, message, remedy }) => `${line}:${column}: ${message}; ${remedy}`,
  );
  return { hosts: frontMatter.hosts, problems: told };
}

it.each([
  ['{ ssh: admin@shop, directory: /srv }', { key: 'ssh', name: 'admin@shop', directory: '/srv', path: [] }],
  [
    '{ container: shop-1, directory: /srv }',
    { key: 'container', name: 'shop-1', directory: '/srv', path: [] },
  ],
  [
    '{ directory: /srv, path: [/opt/bin] }',
    { key: null, name: 'this machine', directory: '/srv', path: ['/opt/bin'] },
  ],
  ['{ directory: /srv }', { key: null, name: 'this machine', directory: '/srv', path: [] }],
])('%s', (host, shop) => {
  expect(read(host)).toEqual({ hosts: { shop }, problems: [] });
});

const SEE = 'see the tool’s docs/language.md, “Front matter”';

it.each([
  [
    '{ ssh: admin@shop, container: shop, directory: /srv }',
    `3:3: \`hosts.shop\` says in two ways how the host is reached; ${SEE}`,
  ],
  [
    '{ contaner: shop-1, directory: /srv }',
    '3:11: `hosts.shop.contaner` is no key of the front matter; did you mean `container`?',
  ],
  ['{ container: a b, directory: /srv }', `3:11: \`hosts.shop.container\` is no name of a container; ${SEE}`],
  ['{ ssh: admin@shop }', '3:3: `hosts.shop.directory` is missing; write it'],
])('%s is refused', (host, problem) => {
  expect(read(host)).toEqual({ hosts: {}, problems: [problem] });
});
