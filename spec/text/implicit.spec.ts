import { expect, it } from 'vitest';
import { secretsUsed, usesVariable } from '../../tools/text/implicit.ts';

it.each([
  ['echo "$PGPASSWORD"', 'PGPASSWORD'],
  ['psql -h db -c "SELECT 1"', 'PGPASSWORD'],
  ['docker compose exec -T postgres pg_dump -Fc shop > x.dump', 'PGPASSWORD'],
  ['sshpass -e ssh nas true', 'SSHPASS'],
  ['redis-cli -h cache ping', 'REDISCLI_AUTH'],
])('%s uses %s', (text, name) => expect(usesVariable(text, name)).toBe(true));

it.each([
  ['redis-cli ping', 'PGPASSWORD'],
  ['psql -c "SELECT 1"', 'SHOP_TOKEN'],
  ['echo "$PGPASSWORDS"', 'PGPASSWORD'],
  ['ssh nas true', 'SSHPASS'],
])('%s does not use %s', (text, name) => expect(usesVariable(text, name)).toBe(false));

it('the secrets of an environment that scripts use are told by their names, and nothing else of it', () => {
  const environment = { SHOP_TOKEN: 'a', PGPASSWORD: 'b', OTHER_TOKEN: 'c', EMPTY_TOKEN: '', HOME: '/root' };
  const texts = ['echo "$SHOP_TOKEN$EMPTY_TOKEN$HOME"', 'psql -c "SELECT 1"'];
  expect(secretsUsed(texts, environment)).toEqual(['PGPASSWORD', 'SHOP_TOKEN']);
});
