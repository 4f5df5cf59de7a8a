import { isSecretName } from './secret.ts';

/** Programs that take a secret from their environment by themselves, and the variables that they take it from. */
const TAKERS: [programs: RegExp, variables: string[]][] = [
  [
    /\b(?:psql|pg_(?:basebackup|dump|dumpall|restore)|(?:create|drop)(?:db|user)|(?:vacuum|reindex|cluster)db)\b/,
    ['PGPASSWORD'],
  ],
  [/\bsshpass\b/, ['SSHPASS']],
  [/\bredis-cli\b/, ['REDISCLI_AUTH']],
  [/\b(?:mysql|mysqldump|mariadb|mariadb-dump)\b/, ['MYSQL_PWD']],
  [/\baws\b/, ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']],
  [/\brestic\b/, ['RESTIC_PASSWORD', 'AWS_SECRET_ACCESS_KEY']],
  [/\bborg\b/, ['BORG_PASSPHRASE']],
  [/\bgh\b/, ['GH_TOKEN', 'GITHUB_TOKEN']],
  [/\bvault\b/, ['VAULT_TOKEN']],
];

/** Whether a shell's text uses a variable: by its name, or by calling a program that takes it without a word. */
export const usesVariable = (text: string, name: string): boolean =>
  new RegExp(`\\b${name}\\b`).test(text) ||
  TAKERS.some(([programs, variables]) => variables.includes(name) && programs.test(text));

/** The variables with a secret's name and a value that shells of these texts use. */
export const secretsUsed = (
  texts: readonly string[],
  environment: Record<string, string | undefined>,
): string[] =>
  Object.keys(environment)
    .filter((name) => isSecretName(name) && environment[name])
    .filter((name) => texts.some((text) => usesVariable(text, name)))
    .sort();
