import type { Report } from '../../document/problem.ts';
import { problems } from '../../document/problems.ts';
import type { Call } from '../../shell/script.ts';
import { everyNode, type NodeOf } from '../../shell/syntax.ts';
import { type FillIn, fillIns } from '../fill-ins.ts';
import type { Rule } from '../rule.ts';
import { type BlockScript, isGivenTo } from '../scripts.ts';

/** They look for words, or make names of patterns: what reads like a gap is meant as it is. */
const READERS =
  /^(?:sed|gsed|awk|gawk|grep|egrep|rg|ag|ack|perl|tr|echo|printf|mktemp|date|gdate|jq|git|find|strftime)$/;

const WHOLE = /^(?:TODO|FIXME|CHANGE_?ME|REPLACE_?ME|YOUR_\w+|x{4,})$/i;
/** `{{name}}`, and the first word of `{{ name }}`; with a dot in it, it is a format of Go. */
const TEMPLATE = /\{\{(?:[A-Za-z_]\w*\}\}|$)/;

const DATE = /(?<![A-Za-z%])(?:YYYY|XXXX)/;

/** Homes that every machine of a kind has, and nobody’s own. */
const PERSON =
  /(?:^|[\s"'=:])(\/Users\/(?!Shared\b)[\w.-]+|\/home\/(?!(?:node|ubuntu|ec2-user|linuxbrew|git|postgres|runner|vscode|app|user|deploy)\b)[\w.-]+)\//;

/** A name that somebody has to fill in is a name that somebody gets wrong. */
export const placeholders: Rule = {
  name: 'placeholder',
  scripts: (report) => (one) => {
    angles(one, report);
    assignments(one, report);
    const isRead = isGivenTo(READERS, one.script);
    for (const call of one.script.calls) words(call, isRead(call), one.place, report);
  },
};

/** Outside of quotes, bash takes `<name>` for two redirections. */
function angles({ script, place }: BlockScript, report: Report): void {
  for (const { source, script: tree, by } of script.shells) {
    const nodes = everyNode(tree);
    const gaps = new Map(fillIns(source.text).map(({ text, index }) => [index, text]));
    const opened = nodes.filter((node): node is NodeOf<'Redirect'> => node.type === 'Redirect');
    for (const { operator, pos, target } of opened) {
      if (by) continue;
      if (target) inWord(source.text.slice(target.pos, target.end), target.pos, place, report);
      if (operator !== '<') continue;
      const written = gaps.get(pos);
      if (written !== undefined) report(problems.placeholder(place(source.at(pos)), written));
    }
  }
}

function assignments({ script, place }: BlockScript, report: Report): void {
  for (const { source, script: tree, by } of script.shells) {
    if (by) continue;
    for (const node of everyNode(tree)) {
      if (node.type !== 'Assignment' || node.value.type !== 'Word') continue;
      const { pos, end } = node.value;
      inWord(source.text.slice(pos, end), pos, place, report);
    }
  }
}

function inWord(text: string, pos: number, place: BlockScript['place'], report: Report): void {
  gap(text, (found, index) => report(problems.placeholder(place(pos + index), found)));
  person(text, (path, index) => report(problems.personalPath(place(pos + index), path)));
}

function words(call: Call, isRead: boolean, place: BlockScript['place'], report: Report): void {
  // What another program runs has been seen as its words.
  if (call.byFunction || call.within.some(({ shell }) => shell === call.shell)) return;
  const all = call.args.map(({ text }) => text).join(' ');
  for (const [i, { text, offset }] of call.args.entries()) {
    const before = call.args[i - 1]?.value ?? '';
    if (!isRead && !/format|template/i.test(`${before}${text}`)) {
      gap(text, (found, index) => report(problems.placeholder(place(offset + index), found)));
    }
    person(text, (path, index) => {
      const [who = ''] = path.split('/').slice(-1);
      // The home of whoever logs in there is no other than that.
      if (!isOwnHome(who, `${call.program === 'ssh' ? all : text}`))
        report(problems.personalPath(place(offset + index), path));
    });
  }
}

const isOwnHome = (who: string, words: string) => words.includes(`${who}@`);

type Found = (text: string, index: number) => void;

function person(text: string, found: Found): void {
  const match = PERSON.exec(text);
  if (match?.[1]) found(match[1], match.index + match[0].indexOf('/'));
}

/** The first gap of a word. In a sentence or a query, `YYYY` and `TODO` are words as others are. */
function gap(text: string, found: Found): void {
  const one = gapIn(text);
  if (one) found(one.text, one.index);
}

function gapIn(text: string): FillIn | null {
  const [angle] = fillIns(text, true);
  if (angle) return angle;
  const from = /^["']/.test(text) ? 1 : 0;
  const bare = text.slice(from, from ? -1 : undefined);
  if (/\s/.test(bare)) return null;
  const template = from === 0 ? TEMPLATE.exec(bare) : null;
  if (template) return { text: template[0], index: template.index };
  const value = bare.slice(bare.lastIndexOf('=') + 1);
  if (WHOLE.test(value)) return { text: value, index: from + bare.length - value.length };
  const date = DATE.exec(bare);
  return date ? { text: date[0], index: from + date.index } : null;
}
