import { expect, it } from 'vitest';
import { differenceOf, type Identity, showIdentity } from '../../tools/outcome/identity.ts';

const nas: Identity = {
  host: 'nas1',
  machine_id: '4f2a',
  directory: '/srv/shop',
  system_identifier: '7312',
  database: 'shop',
};

it('it is shown with all that is known', () => {
  expect(showIdentity(nas)).toBe('nas1 (machine 4f2a), /srv/shop, database shop of cluster 7312');
  expect(showIdentity({ ...nas, machine_id: null, system_identifier: null, database: null })).toBe(
    'nas1, /srv/shop',
  );
});

it('the same is no difference', () => {
  expect(differenceOf(nas, { ...nas })).toBeNull();
});

it.each<[keyof Identity, string | null, string]>([
  ['host', 'nas2', 'it was host nas1, and is now host nas2'],
  ['machine_id', null, 'it was machine 4f2a, and is now machine unknown'],
  ['directory', '/srv/other', 'it was directory /srv/shop, and is now directory /srv/other'],
  ['system_identifier', '9999', 'it was cluster 7312, and is now cluster 9999'],
  ['database', 'other', 'it was database shop, and is now database other'],
])('another %s is one, with both sides', (key, value, words) => {
  expect(differenceOf(nas, { ...nas, [key]: value })).toBe(words);
});
