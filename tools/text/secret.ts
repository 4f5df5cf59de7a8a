/** Words that say what a variable holds. In front of the first five, others may stand: `SSHPASS`, `PGPASSWORD`. */
const SECRET = new RegExp(
  [
    '(?<!ask|by)pass(words?|wd|phrases?)?',
    'secrets?',
    'token',
    'credentials?',
    '(api|private|secret|access|signing|encryption|master)_?keys?',
    '_pwd',
    // Last: SSH_AUTH_SOCK and HOST_AUTH_METHOD only speak of one.
    '_auth(?!_)',
  ]
    .map((word) => `${word}(_|$)`)
    .join('|'),
);

/** Last words of a name that speaks of a secret and holds none, but says where it is or how it must be. */
const ABOUT =
  /_(file|path|dir|directory|name|url|uri|host|type|length|size|count|limit|ttl|timeout|expiry|expires|policy|prompt|command)s?$|access_key_id$/;

/**
 * Whether what has this name is secret: a variable, or an option without its dashes. Words end at what is no letter and
 * where a capital follows a small one, and the secret one may stand anywhere: `MY_PASSWORD2`, `DB_PASSWORD_OLD`,
 * `apiKey`. What only speaks of a secret is none: `PASSWORD_FILE`, `TOKEN_TTL`, and `TOKENS`, which are counted.
 */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
    .join('_');
  return SECRET.test(words) && !ABOUT.test(words);
}

/** A URL's password: where it stands in the text, in UTF-16 units, and whose it is. */
export interface UrlPassword {
  start: number;
  end: number;
  /** As the URL has it. */
  user: string;
}

/** Takes time in proportion to the text: what one match takes in holds no `/`, so no other begins in it. */
const AUTHORITY = /:\/\/([^\s/"'<>]+)/g;

/**
 * The passwords of URLs in a text, in order. Each goes as far as the last `@` before the path, for it may hold one.
 * A variable, such as `$PASSWORD`, stands for a password and is none.
 */
export const urlPasswords = (text: string): UrlPassword[] =>
  inPieces(text, passwordsIn, (place) => ({ ...place, user: '' }));

function passwordsIn(text: string): UrlPassword[] {
  return [...text.matchAll(AUTHORITY)].flatMap(({ index, 1: authority = '' }) => {
    const [colon, at] = [authority.indexOf(':'), authority.lastIndexOf('@')];
    const password = authority.slice(colon + 1, Math.max(at, 0));
    if (colon < 0 || password === '' || VARIABLE.test(password)) return [];
    const start = index + '://'.length + colon + 1;
    return [{ start, end: start + password.length, user: authority.slice(0, colon) }];
  });
}

/** A place in a text, in UTF-16 units: `end` is behind it. */
export interface SecretPlace {
  start: number;
  end: number;
}

/** libpq's `password=…`, in quotes or not, and the token behind `Bearer`. */
const PATTERNS = [
  /\b(?:ssl)?password\s*=\s*'(?<secret>(?:[^'\\]|\\.)+)'/dgs,
  /\b(?:ssl)?password\s*=\s*(?<secret>[^\s'"`,;&|<>()[\]{}$*][^\s'"`,;&|<>()]*)/dg,
  // As forges, chats and shops write their tokens, and what a JSON Web Token looks like.
  /\b(?<secret>gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|xox[abpr]-[\w-]{10,}|sk_live_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{36,}|(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})/dg,
  /\bbearer\s+(?=[\w.~+/=-]*\d|[\w.~+/=-]{20})(?<secret>[\w.~+/=-]{8,})/dgi,
];

/** What an environment looks like where it is printed: by a shell, in YAML, or in JSON. */
const ASSIGNMENT =
  /\b(?<name>[A-Z][A-Z0-9_]+)"?(?:=|:[ \t]{1,8})(?:'(?<single>[^'\n]{4,})'|"(?<double>[^"\n]{4,})"|(?<bare>[^\s'"`,;&|<>()[\]{}$*][^\s'"`,;&|<>()]{3,}))/dg;

function assigned(text: string): SecretPlace[] {
  return [...text.matchAll(ASSIGNMENT)].flatMap(({ groups, indices }) => {
    const { single, double, bare } = indices?.groups ?? {};
    const [start, end] = single ?? double ?? bare ?? [0, 0];
    // What begins with a dollar is filled in by a shell.
    if (!isSecretName(groups?.name ?? '') || text[start] === '$') return [];
    return isComplaint(text, indices?.groups?.name?.[0] ?? 0, start) ? [] : [{ start, end }];
  });
}

/** So far around a name stands what tells a shell's complaint from its value. */
const NEAR = 64;

/**
 * Whether a name is one that a shell complains of: `runbook.md: line 13: DB_PASSWORD: unbound variable`, or in the words
 * of `${DB_PASSWORD:?must be set}`. Where it says no line, its own words alone tell; a value is one word.
 */
function isComplaint(text: string, name: number, value: number): boolean {
  if (!/:[ \t]+$/.test(text.slice(name, value))) return false;
  const said = text.slice(value, value + NEAR);
  if (/^(?:unbound variable|parameter (?:null or )?not set|readonly variable)\b/.test(said)) return true;
  const before = text.slice(Math.max(0, name - NEAR), name);
  return /: (?:line )?\d+: $/.test(before) && /^[^\s]+[ \t]+\S/.test(said);
}

/** Passwords of PostgreSQL's connection strings, and bearer tokens, in order; none that is a variable. */
export const writtenSecrets = (text: string): SecretPlace[] => inPieces(text, writtenIn, (place) => place);

function writtenIn(text: string): SecretPlace[] {
  const places = PATTERNS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ indices }) => {
      const [start, end] = indices?.groups?.secret ?? [0, 0];
      return VARIABLE.test(text.slice(start, end)) ? [] : [{ start, end }];
    }),
  );
  return inOrder(places);
}

/** The same, and values that what is printed gives to variables with a secret's name in capitals. */
export const printedSecrets = (text: string): SecretPlace[] =>
  inPieces(
    text,
    (piece) => inOrder([...writtenIn(piece), ...assigned(piece)]),
    (place) => place,
  );

/**
 * What is found in a text. V8 gives up an expression that would have to remember more than 64 MB of ways back, which 8 MB of
 * text can make it do. Then a word of a megabyte is a secret, as nobody can say, and what stands around it is searched; where
 * there is none, each half is, cut at a blank.
 */
function inPieces<Place extends SecretPlace>(
  text: string,
  find: (text: string) => Place[],
  unsaid: (place: SecretPlace) => Place,
): Place[] {
  try {
    return find(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const giant = giantIn(text);
    if (giant.end === giant.start) return [unsaid({ start: 0, end: text.length })];
    const behind = inPieces(text.slice(giant.end), find, unsaid);
    return [
      ...inPieces(text.slice(0, giant.start), find, unsaid),
      ...(giant.end - giant.start > 1 ? [unsaid(giant)] : []),
      ...behind.map((place) => ({ ...place, start: place.start + giant.end, end: place.end + giant.end })),
    ];
  }
}

const GIANT = 1024 * 1024;

/** The first word of a megabyte; where there is none, the last blank before the middle; else nothing. */
function giantIn(text: string): SecretPlace {
  let [start, blank] = [0, -1];
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) > SPACE) continue;
    if (at - start > GIANT) return { start, end: at };
    start = at + 1;
    if (at > 0 && at <= text.length / 2) blank = at;
  }
  return blank < 0 ? { start: 0, end: 0 } : { start: blank, end: blank + 1 };
}

const SPACE = 0x20;

const inOrder = (places: SecretPlace[]) => places.sort((a, b) => a.start - b.start);

const VARIABLE = /^\$(\w+|\{[^{}]*\})$/;
