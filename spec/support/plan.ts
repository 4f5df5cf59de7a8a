import type { HostFacts } from '../../tools/plan/plan.ts';

/** The lines of a block that does nothing; `attributes` stand behind its name. */
export const block = (name: string, attributes = '') => [
  '```sh { name=%n %m }'.replace('%n', name).replace('%m', attributes),
  'true',
  '```',
  '',
];

/** A replica on which a plan is made. */
export const REPLICA: HostFacts = {
  name: 'replica',
  kind: 'embedded',
  hostNames: ['nas'],
  services: null,
  terminal: true,
};
