/**
 * A secret as what prints it may write it: as it is, each line of it (a key is printed line by line), and as URLs, JSON,
 * shells, SQL and HTML spell it.
 */
export const spellings = (secret: string): string[] => [
  ...secret.split(/\r?\n/),
  ...SPELLINGS.map((spell) => spell(secret)),
];

const SPELLINGS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  encodeURIComponent,
  decoded,
  (secret) => encodeURIComponent(decoded(secret)),
  inJson,
  // Python's, and Go's.
  (secret) => inJson(secret).replaceAll(/[^ -~]/g, inHex),
  (secret) => inJson(secret).replaceAll(/[<>&]/g, inHex),
  // What `set -x` shows, and Python's shlex.
  (secret) => secret.replaceAll("'", `'\\''`),
  (secret) => secret.replaceAll("'", `'"'"'`),
  // Of `printf %q`, of `declare -p`, and of Python's repr.
  (secret) => secret.replaceAll(/[\s|&;()<>!{}*[\]?^'"\\$`,]|^[~#]/g, '\\$&'),
  (secret) => secret.replaceAll(/["\\$`]/g, '\\$&'),
  (secret) => secret.replaceAll(/['\\]/g, '\\$&'),
  // Of SQL and YAML, and of CSV.
  (secret) => secret.replaceAll("'", "''"),
  (secret) => secret.replaceAll('"', '""'),
  inHtml,
];

/** A `%` that no two digits follow stands for itself: then it is spelled as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const inHex = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function inHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
