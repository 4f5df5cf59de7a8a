import type { Block } from '../../document/document.ts';
import type { Place, Report } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import { type Argument, UNKNOWN } from '../../shell/argument.ts';
import type { Call } from '../../shell/script.ts';
import { everyNode } from '../../shell/syntax.ts';
import { isSecretName, urlPasswords, writtenSecrets } from '../../text/secret.ts';
import type { Rule } from '../rule.ts';
import { type BlockScript, isGivenTo } from '../scripts.ts';

/**
 * No password in clear text: a runbook is mailed, pasted and published. Comments, here-documents and SQL are read, too, as
 * words; of each line, the first secret is told.
 */
export const secrets: Rule = {
  name: 'secret',
  check(document, report) {
    for (const block of document.blocks) if (block.language === 'sql') reportFirsts(inLines(block), report);
  },
  scripts: (report) => (one) => reportFirsts([...inCommands(one), ...inOtherLines(one)], report),
};

function reportFirsts(places: Place[], report: Report): void {
  const firsts = new Map<number, Place>();
  for (const place of places) {
    const first = firsts.get(place.line);
    if (!first || place.column < first.column) firsts.set(place.line, place);
  }
  for (const place of firsts.values()) report(problems.secret(place));
}

/** What may stand for a secret and is none: nothing, a variable, a gap to fill in, dots and stars, a file. */
const NO_VALUE = /^(?:["']*$|["']?[$`<{]|["']?(?:[.*x…•-]+|\*+)["']?$|["']?(?:~|\.{0,2})\/|["']?@)/i;
const FILE = /\.(?:pem|key|crt|txt|json|ya?ml|conf|env|pub)["']?$|^(?:true|false|yes|no|on|off|null|none)$/i;

const isClear = (value: string) =>
  value !== '' && !value.includes(UNKNOWN) && !NO_VALUE.test(value) && !FILE.test(value);

/** `--secret` and its like name a secret that is kept elsewhere; these others ask, or read. */
const NAMES_ONE = /^(?:secret|secret-id|secret-name|no-.*|ask-.*|.*-stdin|.*-fd|with-token|use-.*)$/;
const FROM_FILE = /^--(?:from-file|from-env-file|set-file|secret)$/;

function inCommands({ script, place }: BlockScript): Place[] {
  const places: Place[] = [];
  for (const { source, script: tree } of script.shells) {
    for (const node of everyNode(tree)) {
      if (node.type !== 'Assignment' || node.value.type !== 'Word' || !isSecretName(node.name)) continue;
      const { pos, end } = node.value;
      const written = source.text.slice(pos, end);
      const angle = source.text.slice(end).startsWith('<');
      if (!angle && !/[$`]/.test(written) && isClear(node.value.value))
        places.push(place(source.at(node.pos)));
    }
  }
  const isSoughtIn = isGivenTo(LOOKS, script);
  for (const call of script.calls) {
    const isAddressed = call.program === 'git' && TAKES_ADDRESS.test(call.args[0]?.value ?? '');
    if (
      (isSoughtIn(call) && !isAddressed) ||
      call.byFunction ||
      call.within.some(({ shell }) => shell === call.shell)
    )
      continue;
    for (const { offset } of secretWords(call)) places.push(place(offset));
  }
  return places;
}

/** What only looks for a word, or takes it away, does not give it; but git is given addresses. */
const LOOKS = /^(?:grep|egrep|rg|sed|awk|git|unset|read|jq)$/;
const TAKES_ADDRESS = /^(?:clone|remote|push|fetch|pull|ls-remote|submodule|config)$/;

function secretWords(call: Call): { offset: number }[] {
  const { program, args, offset } = call;
  if (program === null) return [];
  const own = ownSecret(program, args);
  const found = own ? [{ offset }] : [];
  for (const [i, arg] of args.entries()) {
    const index = secretWord(arg, args[i - 1], args[i + 1]);
    if (index !== null) found.push({ offset: arg.offset + index });
    for (const start of secretsIn(arg.text)) found.push({ ...arg, offset: arg.offset + start });
  }
  return found;
}

/** Where `NAME=value`, `--name=value` or `--name value` begins in a word; null where there is none. */
function secretWord({ value }: Argument, before?: Argument, next?: Argument): number | null {
  const option = /^--([a-z][\w.-]*)(?:=([\s\S]*))?$/i.exec(value);
  if (option) {
    const [, name = '', given] = option;
    if (FROM_FILE.test(`--${name}`)) return null;
    const [, key, inner] = /^([\w.-]+)=([\s\S]*)$/.exec(given ?? '') ?? [];
    if (key !== undefined && isSecretName(key)) return isClear(inner ?? '') ? name.length + 3 : null;
    if (NAMES_ONE.test(name) || !isSecretName(name)) return null;
    const isOption = given === undefined && next?.value.startsWith('-');
    return isClear(given ?? next?.value ?? '') && !isOption ? 0 : null;
  }
  if (before && FROM_FILE.test(before.value)) return null;
  const [, name, given = ''] = /^([a-z_][\w.]*)=([\s\S]*)$/i.exec(value) ?? [];
  return name !== undefined && isSecretName(name) && isClear(given) ? 0 : null;
}

/** Options of single programs that take a password. */
function ownSecret(program: string, args: readonly Argument[]): boolean {
  const after = (name: RegExp) =>
    args.some(
      ({ value }, i) =>
        name.test(value) && isClear(args[i + 1]?.value ?? '') && !args[i + 1]?.value.startsWith('-'),
    );
  const matches = (word: RegExp) => args.some(({ value }) => !value.includes(UNKNOWN) && word.test(value));
  switch (program) {
    case 'sshpass':
      return after(/^-p$/) || matches(/^-p[^$]/);
    case 'curl':
    case 'wget':
      return args.some(({ value }, i) => {
        const given = /^(?:-u|--user)$/.test(value)
          ? args[i + 1]?.value
          : /^(?:-u|--user=)(.+)/.exec(value)?.[1];
        return /^[^:]+:[^\0<$*]+$/.test(given ?? '') && !(given ?? '').includes(UNKNOWN);
      });
    case 'mysql':
    case 'mysqldump':
    case 'mariadb':
      return matches(/^-p[^\s<]/);
    case 'redis-cli':
      return after(/^-a$/);
    case 'docker':
    case 'podman':
      return args[0]?.value === 'login' && after(/^-p$/);
    case 'openssl':
      return matches(/^pass:./);
    case 'aws':
    case 'npm':
      return args.some(
        ({ value }, i) =>
          args[i - 1]?.value === 'set' && isSecretName(value) && isClear(args[i + 1]?.value ?? ''),
      );
    default:
      return false;
  }
}

const SQL_PASSWORD = /\bPASSWORD\s+'(?!\$)[^'<]+'/gi;

/** Secrets that a text has whatever is around it, by where they begin. */
function secretsIn(text: string): number[] {
  return [
    ...[...text.matchAll(SQL_PASSWORD)].map(({ index }) => index),
    ...urlPasswords(text).flatMap(({ start, end }) => (isClear(text.slice(start, end)) ? [start] : [])),
    ...writtenSecrets(text).flatMap(({ start, end }) => (isClear(text.slice(start, end)) ? [start] : [])),
  ];
}

/** The lines of a shell block that are no commands: comments, and the here-documents. */
function inOtherLines({ block, script, place }: BlockScript): Place[] {
  const documents = script.shells
    .filter(({ by }) => by === null)
    .flatMap(({ script: tree }) => everyNode(tree))
    .flatMap((node) => (node.type === 'HereDoc' ? [node.body] : []));
  const lines = linesOf(block.text);
  const inDocument = within(documents);
  return lines.flatMap(({ text, offset }) => {
    const isInDocument = inDocument(offset);
    if (!isInDocument && !/^\s*#/.test(text)) return [];
    const found = [...secretsOfLine(text), ...(isInDocument ? secretOfKey(text) : [])];
    return found.map((index) => place(offset + index));
  });
}

function inLines({ text, body }: Block): Place[] {
  return text
    .split('\n')
    .flatMap((line, i) =>
      secretsOfLine(line).map((index) => ({ line: body.line + i, column: body.column + index })),
    );
}

/** `password: …`, as YAML and JSON have it. */
function secretOfKey(line: string): number[] {
  const [, before = '', name = '', quoted, bare = ''] =
    /^([\s{,-]*)["']?([A-Za-z_][\w.-]*)["']?\s*:\s+(?:["']([^"'\s]+)["']|([^"'\s]+))$/.exec(
      line.replace(/(?<![,}\s])[,}\s]+$/, ''),
    ) ?? [];
  const given = quoted ?? bare.split(/[,}]/)[0] ?? '';
  return isSecretName(name) && isClear(given) ? [before.length] : [];
}

/** The secrets of a line, word by word. */
function secretsOfLine(line: string): number[] {
  const found = secretsIn(line);
  for (const { 0: word, index } of line.matchAll(/\S+/g)) {
    const [, name = '', value = ''] = /^(?:--?)?([a-z_][\w-]*)=(.*)$/i.exec(word) ?? [];
    if (!isSecretName(name)) continue;
    if (isClear(value.replace(/[;,]$/, ''))) found.push(index);
  }
  return found;
}

const linesOf = (text: string) => {
  let offset = 0;
  return text.split('\n').map((line) => {
    const at = { text: line, offset };
    offset += line.length + 1;
    return at;
  });
};

/** Whether a place is inside one of the spans; asked from the first to the last. */
function within(spans: readonly { pos: number; end: number }[]): (offset: number) => boolean {
  const sorted = [...spans].sort((a, b) => a.pos - b.pos);
  let next = 0;
  return (offset) => {
    while (sorted[next] && (sorted[next]?.end ?? 0) <= offset) next++;
    return (sorted[next]?.pos ?? Number.POSITIVE_INFINITY) <= offset;
  };
}
