import { describe, expect, it } from 'vitest';
import { isSecretName, printedSecrets, urlPasswords } from '../../tools/text/secret.ts';

describe('a name', () => {
  it.each([
    'PGPASSWORD',
    'SSHPASS',
    'MY_PASSWORD2',
    'DB_PASSWORD_OLD',
    'apiKey',
    'auth-token',
    'CREDENTIALS',
    'REDISCLI_AUTH',
  ])('%s is that of a secret', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    'PASSWORD_FILE',
    'TOKEN_TTL',
    'TOKENS',
    'BYPASS',
    'SSH_ASKPASS',
    'AWS_ACCESS_KEY_ID',
    'SSH_AUTH_SOCK',
    'HOST_AUTH_METHOD',
    'HOME',
    '',
  ])('%j is that of none', (name) => expect(isSecretName(name)).toBe(false));
});

describe('the passwords of URLs', () => {
  const passwordsIn = (text: string) =>
    urlPasswords(text).map(({ start, end, user }) => [user, text.slice(start, end)]);

  it('are found where they stand, each with whose it is', () => {
    const text = 'from postgres://shop:one@here/a to redis://:two@there:6379 and http://127.0.0.1:80/x';
    expect(passwordsIn(text)).toEqual([
      ['shop', 'one'],
      ['', 'two'],
    ]);
  });

  it('may hold an @', () => expect(passwordsIn('x://me:p@ss@host/')).toEqual([['me', 'p@ss']]));

  it.each(['x://me:$PASSWORD@host', 'x://me:${PASSWORD}@host', 'x://me@host', 'x://me:@host'])(
    'are none in %s',
    (text) => expect(passwordsIn(text)).toEqual([]),
  );
});

describe('values of secret names in an environment that is printed', () => {
  it.each([
    ['PGPASSWORD=hunter2', 'hunter2'],
    ['declare -x SSHPASS="hun ter"', 'hun ter'],
    ["+ PGPASSWORD='hunter2'", 'hunter2'],
    ['      POSTGRES_PASSWORD: hunter2', 'hunter2'],
    ['["POSTGRES_PASSWORD=hunter2","PATH=/bin"]', 'hunter2'],
    ['{"API_TOKEN": "hunter2"}', 'hunter2'],
    ['compose.yaml: line 13: DB_PASSWORD: hunter2', 'hunter2'],
    ['compose.yaml:13: DB_PASSWORD: hunter2 # old', 'hunter2'],
    ['bash: line 1: DB_PASSWORD=hunter2: command not found', 'hunter2:'],
  ])('are found in %s', (text, secret) => {
    expect(printedSecrets(text).map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
  });

  it.each([
    'PGPASSWORD="$PW" psql',
    'PGPASSWORD=${PW} psql',
    'PGPASSWORD=$(cat x)',
    'PGPASSWORD=***',
    'PATH=/usr/bin',
    'TOKEN_TTL=3600',
    'the token: four',
    'ASKPASS',
    'SSHPASS=abc',
    'runbook.md: line 13: DB_PASSWORD: unbound variable',
    'bash: line 1: DB_PASSWORD: must be set, see step 1',
    'sh: 1: DB_PASSWORD: parameter not set',
    'sh: DB_PASSWORD: parameter null or not set',
    'bash: DB_PASSWORD: readonly variable',
  ])('are none in %s', (text) => expect(printedSecrets(text)).toEqual([]));
});
