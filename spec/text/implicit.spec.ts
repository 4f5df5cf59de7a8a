import { expect, it } from 'vitest';
import { usesVariable } from '../../tools/text/implicit.ts';

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
