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
    ['http://admin@shop:hunter3@h/', 'http://admin@shop:***@h/'],
    ['postgres://shop:$ecret!@h/d', 'postgres://shop:***@h/d'],
    ['http://host:8000 a@b', 'http://host:8000 a@b'],
    ['CONN="host=h user=u password=hunter3 port=1"', 'CONN="host=h user=u password=*** port=1"'],
    [`psql "host=h password = 'two \\'words' x=1"`, `psql "host=h password = '***' x=1"`],
    [`password='on two\nlines'`, `password='***'`],
    ['psql "host=h password=$PASSWORD"', 'psql "host=h password=$PASSWORD"'],
    ['Authorization: Bearer abc.DEF-123_x', 'Authorization: Bearer ***'],
    ['the bearer certificate is old', 'the bearer certificate is old'],
    ['Bearer $TOKEN_OF_24_HOURS_AND_MORE', 'Bearer $TOKEN_OF_24_HOURS_AND_MORE'],
  ])('%s', (text, masked) => {
    expect(secrets.mask(text)).toBe(masked);
  });

  it('is all of secrets that overlap', () => {
    const overlapping = makeSecrets({ A_TOKEN: 'abcdef', B_TOKEN: 'defghi', C_TOKEN: 'xabcd' });
    expect(overlapping.mask('>xabcdefghi<')).toBe('>***<');
  });
});

/** Each takes time in proportion to its length: with the square of it, none would end in a minute. */
describe('a long text is masked while one waits', () => {
  const MB = 1024 * 1024;
  const secrets = makeSecrets({ SSHPASS: 'hunter2', ODD_TOKEN: `${'a:'.repeat(500)}b` });
  it.each([
    ['one word', 'x'.repeat(8 * MB)],
    ['colons', 'a:'.repeat(4 * MB)],
    ['the beginnings of URLs', '://'.repeat(2 * MB)],
    ['a URL that goes on', `://${'x:'.repeat(4 * MB)}`],
    ['a URL of schemes', `${'a.'.repeat(4 * MB)}://x:`],
    ['what nearly is a secret', 'hunter'.repeat(MB)],
    ['what nearly is a secret, on many lines', 'hunter\n'.repeat(MB)],
    ['the beginnings of passwords', 'password=$'.repeat(MB)],
    ['the beginnings of quoted passwords', "password='' ".repeat(MB)],
    ['the beginnings of tokens', 'Bearer '.repeat(MB)],
    ['one long name', 'A'.repeat(8 * MB)],
    ['the beginnings of assignments', 'A_TOKEN=$'.repeat(MB)],
  ])('%s', (_, text) => {
    expect(secrets.mask(text) === text).toBe(true);
  });

  it.each([
    ['a token', 'bearer ', ''],
    ['a quoted password', "password='", "'"],
    ['an assignment', 'A_TOKEN="', '"'],
    ['a URL', 'postgres://shop:', '@h/d'],
  ])(
    '%s that is longer than an expression can take in is one, and what stands around it is searched',
    (_, before, after) => {
      const long = `${before}${'x'.repeat(16 * MB)}${after}`;
      const masked = secrets.mask(
        `SHOP_TOKEN=t0ps3cret ${long}\nlog in with hunter2, PGPASSWORD=other1 as admin`,
      );
      expect(masked).toMatch(/^SHOP_TOKEN=\*\*\* /);
      expect(masked).toMatch(/\nlog in with \*\*\*, PGPASSWORD=\*\*\* as admin$/);
      expect(masked.length).toBeLessThan(200);
    },
  );

  it('thousands of secrets', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => [`N${i}_TOKEN`, `${'a'.repeat(i % 60)}-${i}-end`]);
    const many = makeSecrets(Object.fromEntries(names));
    const text = 'a'.repeat(4 * MB);
    expect(many.mask(`${text}-59-end`) === `${text.slice(59)}***`).toBe(true);
  });
});

describe('what a line’s end cuts in two', () => {
  const secrets = makeSecrets({
    SSHPASS: 'hunter2-and-more',
    CONN: 'host=h password=in-a-connection',
    AUTH: 'Bearer in-a-header-1',
    PRIVATE_KEY: 'first line\nsecond line',
  });

  it.each([
    ['log in with hunter2-\nand-more now', 'log in with ***\n*** now'],
    ['hunter2\r\n-and\n-more', '***\r\n***\n***'],
    ['in-a-conn\nection', '***\n***'],
    ['in-a-head\ner-1', '***\n***'],
    ['first line\nsecond line', '***'],
    ['hunter2-and-more\nhunter2-and-more', '***\n***'],
    ['hunter\nis here', 'hunter\nis here'],
  ])('%j is %j', (text, masked) => {
    expect(secrets.mask(text)).toBe(masked);
  });

  it.each([
    ['log in with hunter2-an', 'log in with ***'],
    ['d-more now', '*** now'],
    ['hunter2-and-mor', '***'],
    ['hunter2-and-more now', '*** now'],
    ['hun', 'hun'],
    ['nothing of it', 'nothing of it'],
  ])('of a line alone, %j is %j', (line, masked) => {
    expect(secrets.maskPart(line)).toBe(masked);
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
    ['jq', String.raw`"p": "sek\"ret'8\\x é&"`, '"p": "***"'],
    ['Python’s json', String.raw`"p": "sek\"ret'8\\x \u00e9&"`, '"p": "***"'],
    ['Go’s json', String.raw`"p": "sek\"ret'8\\x é\u0026"`, '"p": "***"'],
    ['set -x', String.raw`: 'sek"ret'\''8\x é&'`, ": '***'"],
    ['shlex', String.raw`: 'sek"ret'"'"'8\x é&'`, ": '***'"],
    ['printf %q', String.raw`sek\"ret\'8\\x\ é\&`, '***'],
    ['declare -p', String.raw`P="sek\"ret'8\\x é&"`, 'P="***"'],
    ['repr', String.raw`'sek"ret\'8\\x é&'`, "'***'"],
    ['SQL', String.raw`'sek"ret''8\x é&'`, "'***'"],
    ['CSV', String.raw`1,"sek""ret'8\x é&"`, '1,"***"'],
    ['HTML', String.raw`<b>sek&quot;ret&#39;8\x é&amp;</b>`, '<b>***</b>'],
  ])('is a secret as %s writes it', (_, text, masked) => {
    expect(makeSecrets({ MY_PASSWORD: String.raw`sek"ret'8\x é&` }).mask(text)).toBe(masked);
  });

  it.each([
    'PGPASSWORD',
    'SSHPASS',
    'DB_PWD',
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'SECRET_KEY',
    'apiKey',
    'MY_PASSWORD2',
    'MY_PASSWORD_2',
    'DB_PASSWORD_OLD',
    'dbPasswordOld',
    'OLD_API_KEYS',
    'PGPASSWORD_REPLICA',
    'REDISCLI_AUTH',
  ])('%s is a secret’s name', (name) => {
    expect(makeSecrets({}).isSecret(name)).toBe(true);
  });

  it.each([
    'PWD',
    'OLDPWD',
    'PATH',
    'KEY',
    'TOKENS',
    'BACKUP',
    'PGPASSWORD_FILE',
    'PGPASSFILE',
    'SSH_ASKPASS_REQUIRE',
    'AWS_ACCESS_KEY_ID',
    'TOKEN_TTL',
    'COMPASSES',
  ])('%s is none', (name) => {
    expect(makeSecrets({}).isSecret(name)).toBe(false);
  });

  it('is the password of a URL, whatever variable holds it, also as it is without the URL', () => {
    const secrets = makeSecrets({
      DATABASE_URL: 'postgres://u:hunter22@h/db',
      PROXY: 'http://u:p%40ss%2Fword@proxy',
    });
    expect(secrets.mask('it is hunter22')).toBe('it is ***');
    expect(secrets.mask('p%40ss%2Fword is p@ss/word')).toBe('*** is ***');
    secrets.learn({ CACHE: 'redis://:100%sure@redis' });
    expect(secrets.mask('it is 100%sure')).toBe('it is ***');
  });

  it('is no password that is the user’s name, which stands everywhere', () => {
    const secrets = makeSecrets({ DATABASE_URL: 'postgres://shop:shop@db/shop' });
    expect(secrets.mask('shop: postgres://shop:shop@db/shop')).toBe('shop: postgres://shop:***@db/shop');
  });

  it('is nothing that everything else holds', () => {
    const secrets = makeSecrets({ BYPASS: 'true', SHORT_TOKEN: 'abc', EMPTY_SECRET: '' });
    expect(secrets.mask('true abc')).toBe('true abc');
  });
});
