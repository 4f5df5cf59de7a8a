/** What a new runbook is about, as far as it is known. */
export interface DraftFacts {
  title: string;
  /** Where the real thing is. */
  host: { ssh: string; directory: string } | null;
  /** A service of the compose file, or an image alone; null where nothing but a shell is needed. */
  database: { service: string; user: string; name: string } | { image: string } | null;
  /** The compose file, relative to the runbook. */
  stack: string | null;
  /** Variables of the compose file that each stand for a published port. */
  ports: string[];
}

/** What a new runbook is rehearsed as: there, back, and there again. */
const ORDER = ['main', 'back-to-before', 'main'];

/** The name by which a new runbook calls its host. */
const HOST = 'server';

/** What stands between the `---` lines, with them; nothing where nothing is known. */
export function frontMatterOf({ host, database, stack, ports }: DraftFacts, order: string[] = []): string[] {
  const lines = [
    ...(host
      ? ['hosts:', `  ${HOST}:`, `    ssh: ${value(host.ssh)}`, `    directory: ${value(host.directory)}`]
      : []),
    ...databaseLines(database),
    ...replicaLines(stack, ports, order),
  ];
  return lines.length === 0 ? [] : ['---', ...lines, '---'];
}

function databaseLines(database: DraftFacts['database']): string[] {
  if (!database) return [];
  if ('image' in database) return [`database: ${value(database.image)}`];
  const { service, user, name } = database;
  return ['database:', `  service: ${value(service)}`, `  user: ${value(user)}`, `  name: ${value(name)}`];
}

function replicaLines(stack: string | null, ports: string[], order: string[]): string[] {
  const list = (key: string, values: string[]) =>
    values.length > 0 ? [`  ${key}: [${values.join(', ')}]`] : [];
  const more = [...list('ports', ports), ...list('order', order)];
  if (more.length === 0) return stack === null ? [] : [`replica: ${value(stack)}`];
  return ['replica:', ...(stack === null ? [] : [`  stack: ${value(stack)}`]), ...more];
}

/** As YAML has it: quoted where it might mean something else. */
const value = (text: string) => (/^[\w./@-]+(?::[\w./@-]+)*$/.test(text) ? text : JSON.stringify(text));

/** A small runbook that rehearses as it is: a change, with what is true before and after it, and the way back. */
export function draftRunbook(facts: DraftFacts): string {
  const front = frontMatterOf(facts, ORDER);
  const page = facts.database ? databasePage() : shellPage();
  return [...front, ...(front.length > 0 ? [''] : []), `# ${facts.title}`, '', ...page, ''].join('\n');
}

const databasePage = (): string[] => [
  'What this page changes, why, and how long it takes: say it here. The blocks below are an example that runs as it',
  'stands. Replace them one by one, and rehearse after each.',
  '',
  '## Step 1: Look before',
  '',
  '```sql { name=not-yet }',
  "SELECT to_regclass('example') IS NULL AS is_free;",
  '```',
  '',
  '**Expected output:** is_free is true',
  '',
  '## Step 2: Change it',
  '',
  '**Estimated time:** 1-10 seconds',
  '',
  '```sql { name=change effect=writes done=changed }',
  'CREATE TABLE example (id integer PRIMARY KEY, title text NOT NULL);',
  "INSERT INTO example VALUES (1, 'one'), (2, 'two');",
  '```',
  '',
  '```sql { name=changed }',
  'SELECT count(*) AS titles FROM example;',
  '```',
  '',
  '**Expected output:** titles is 2',
  '',
  '## Back to before',
  '',
  '```sql { name=change-back effect=destroys done=changed-back }',
  'DROP TABLE example;',
  '```',
  '',
  '```sql { name=changed-back }',
  "SELECT to_regclass('example') IS NULL AS is_free;",
  '```',
  '',
  '**Expected output:** is_free is true',
];

const shellPage = (): string[] => [
  'What this page does, why, and how long it takes: say it here. The blocks below are an example that runs as it stands.',
  'Replace them one by one, and rehearse after each.',
  '',
  '## Step 1: Do it',
  '',
  '```sh { name=do effect=writes done=done }',
  'echo one >example.txt',
  '```',
  '',
  '```sh { name=done effect=reads }',
  'cat example.txt',
  '```',
  '',
  '**Expected output:** prints "one"',
  '',
  '## Back to before',
  '',
  '```sh { name=undo effect=destroys done=undone }',
  'rm example.txt',
  '```',
  '',
  '```sh { name=undone effect=reads }',
  'ls -A . | grep -c example.txt',
  '```',
  '',
  '**Expected output:**',
  '',
  '- exits 1',
  '- prints "0"',
];
