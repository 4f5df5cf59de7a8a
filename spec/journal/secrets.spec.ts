import { describe, expect, it } from 'vitest';
import { makeSecrets } from '../../tools/journal/secrets.ts';

describe('what is masked', () => {
  const secrets = makeSecrets({ SSHPASS: 'hunter2', PATH: '/usr/bin', API_KEY: 'hunter2-and-more' });

  it('is a secret of the environment, in every string of a value, and nothing else of it', () => {
    const event = { name: 'x', lines: ['log in with hunter2', { deep: 'hunter2hunter2' }], n: 3, none: null };
    expect(secrets.mask(event)).toEqual({
      name: 'x',
      lines: ['log in with ***', { deep: '******' }],
      n: 3,
      none: null,
    });
    expect(secrets.mask('/usr/bin')).toBe('/usr/bin');
  });

  it('is a secret that begins with another one, whole', () => {
    expect(secrets.mask('key hunter2-and-more')).toBe('key ***');
  });

  it.each([
    ['postgres://crosshot:hunter3@postgres:5432/crosshot', 'postgres://crosshot:***@postgres:5432/crosshot'],
    ['postgresql+asyncpg://a:p@ss:w0rd@h/d', 'postgresql+asyncpg://a:***@h/d'],
    ['postgres://shop:$PASSWORD@h/d', 'postgres://shop:$PASSWORD@h/d'],
    ['redis://:secret@redis', 'redis://:***@redis'],
    ['see http://a:b@c/ and http://d:e@f/', 'see http://a:***@c/ and http://d:***@f/'],
    ['{"url":"http://host:8000","mail":"a@b"}', '{"url":"http://host:8000","mail":"a@b"}'],
    ['http://host:8000/a@b', 'http://host:8000/a@b'],
    ['ssh minyic@192.168.0.190', 'ssh minyic@192.168.0.190'],
  ])('%s', (text, masked) => {
    expect(secrets.mask(text)).toBe(masked);
  });
});

describe('what is learned', () => {
  it('is what a block exports under a secret’s name', () => {
    const secrets = makeSecrets({});
    expect(secrets.mask('token t0ps3cret')).toBe('token t0ps3cret');
    secrets.learn({ SESSION_TOKEN: 't0ps3cret', BACKUP: 'backups/x.dump' });
    expect(secrets.mask('token t0ps3cret, backups/x.dump')).toBe('token ***, backups/x.dump');
  });

  it('is each line of a key, and a secret as a URL spells it', () => {
    const secrets = makeSecrets({ PRIVATE_KEY: 'first line\nsecond line\n', DB_PASSWORD: 'a&b=c d' });
    expect(secrets.mask('it is second line')).toBe('it is ***');
    expect(secrets.mask('?p=a%26b%3Dc%20d')).toBe('?p=***');
  });

  it.each([
    'PGPASSWORD',
    'SSHPASS',
    'DB_PWD',
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'SECRET_KEY',
    'apiKey',
  ])('%s is a secret’s name', (name) => {
    expect(makeSecrets({}).isSecret(name)).toBe(true);
  });

  it.each(['PWD', 'OLDPWD', 'PATH', 'KEY', 'TOKENS', 'BACKUP'])('%s is none', (name) => {
    expect(makeSecrets({}).isSecret(name)).toBe(false);
  });

  it('is nothing that everything else holds', () => {
    const secrets = makeSecrets({ BYPASS: 'true', SHORT_TOKEN: 'abc', EMPTY_SECRET: '' });
    expect(secrets.mask('true abc')).toBe('true abc');
  });
});
