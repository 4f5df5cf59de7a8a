import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstFault, parseShell } from '../../tools/shell/syntax.ts';
import { runbook } from '../support/blocks.ts';

/** Scripts, one a string, that bash 4.4 and newer read. */
const READ = [
  'echo $(( 1 + 2 )); (( i++ )); let x=1+1; echo $[1+2]',
  'for ((i = 0; i < 3; i++)); do a; done',
  'for x in 1 2 3; do a; done; for x; do a; done; for x in; do a; done',
  'while read -r x; do a; done < <(b); while read x; do a; done <<< "$b"',
  'until a; do b; done; select x in a b; do c; done',
  'case x in esac',
  'case x in (a | b) c ;; d) e ;& f) g ;;& *) esac',
  'if a; then b; elif c; then d; else e; fi',
  'f() { a; }; function g { b; }; function h() ( c ); a-b() { d; } > x',
  '[[ -f x && ( a == b* || ! c =~ ^(d|e)$ ) ]]',
  '[[ a < b ]] && [[ $a -eq 3 ]]',
  'x=(a "b c" [5]=d); x+=(e); declare -A y=([a]=b)',
  'cat <<E | sort\nx $y `z` $(w)\nE\necho b',
  "cat <<'E' <<-F\n$(not\nE\n\tx\n\tF",
  'cat <<"E O"\nx\nE O',
  'a <<E && b <<F\n1\nE\n2\nF',
  'echo $(cat <<E\nx\nE\n)',
  'echo ${x:-"a b"} ${x//a/b} ${#x[@]} ${!x@} ${x@Q} ${x^^} ${x: -1}',
  "echo $'a\\'b' $\"c\" 'd'\\''e'",
  'a 2>&1 >&- &> x; b &>> y; c |& d; e <> f; g >| h',
  '{fd}>x echo; exec {fd}>&-',
  'coproc x { a; }; coproc b',
  'time -p a; ! a; ! ! a; time',
  'a <(b) >(c)',
  '((a)); ( (a) ); ((a) )',
  'echo }; echo if; echo {fd}; {a,b}',
  'echo a#b # ) " x',
  'echo {1..5}{a,b} ~/x *.[ch] !x',
  'x= y=; z=$(case a in a) b;; esac)',
  'export x=(a b); local y=(c)',
  'if [ -n "$(a "$(b "c")")" ]; then d; fi',
  'a &&\nb ||\nc |\nd',
  'a \\\n  --b \\\n  c',
  'a & b & wait',
  '<x; >y',
  'shopt -s extglob\n:',
  '',
  '# nothing\n',
  'cat <<E\nnever closed',
];

/** Scripts that bash refuses. */
const REFUSED = [
  'echo "x',
  "echo it's",
  'echo `a',
  'echo $(a',
  'echo ${x',
  'echo $((1',
  'if a; then',
  'if true then a; fi',
  'if; then a; fi',
  'fi',
  'done',
  '}',
  ')',
  'a )',
  'echo (a)',
  'a (b)',
  '()',
  'a() b',
  'a;; b',
  '; a',
  'a & ; b',
  'a &&',
  'a |',
  'a\n&& b',
  'echo >',
  'echo <<<',
  '{ a }',
  '{ a',
  '( a',
  'while a; do done',
  'for x in a; b; done',
  'for i in 1 2 3 do a; done',
  'case x in a) b esac; c',
  'case x in a b) c;; esac',
  '[[ a = b',
  'x=(a b',
  'TOKEN=<x>',
  'kubectl logs <pod>\necho',
  'ls !(a)',
  'x=!(a)',
  'for x in !(a); do b; done',
  'case a in @(a|b)) c ;; esac',
];

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'syntax-'));
});
afterAll(() => rm(directory, { recursive: true }));

/** Whether the bash of this machine reads a script: what it prints, as its exit status is 0 for some that it cannot. */
async function bashReads(script: string): Promise<boolean> {
  const path = join(directory, 'script');
  await writeFile(path, `${script}\n`);
  const { stderr, exitCode } = await execa('bash', ['-n', path], { reject: false });
  return exitCode === 0 && !/error/.test(stderr);
}

const faultOf = (script: string) => firstFault(parseShell(`${script}\n`), script);
const reads = (script: string) => faultOf(script) === null;

it.each(READ)('reads what bash reads: %s', async (script) => {
  expect([await bashReads(script), reads(script)]).toEqual([true, true]);
});

it.each(REFUSED)('refuses what bash refuses: %s', async (script) => {
  expect([await bashReads(script), reads(script)]).toEqual([false, false]);
});

it('reads every block of the runbook, as bash does', async () => {
  const texts = runbook.blocks.flatMap(({ language, text }) => (language === 'sql' ? [] : [text]));
  for (const text of texts) expect([await bashReads(text), reads(text)], text).toEqual([true, true]);
});

it('reads patterns below the line that switches them on, as bash does when it runs', () => {
  expect(reads('shopt -s extglob\nls !(a)')).toBe(true);
  expect(reads('ls !(a)\nshopt -s extglob')).toBe(false);
});

it.each([
  ['(', 100_000],
  ['$(', 100_000],
  ['echo "$(', 50_000],
  ['$((', 100_000],
  ['cat <<E ', 50_000],
])('a text of %s alone is refused at once, and no stack overflows', (piece, times) => {
  expect(faultOf(piece.repeat(times))).not.toBeNull();
});
