import type { Place, Problem } from './problem.ts';

type Wording = readonly [message: string, remedy: string];

/** An entry of the catalogue: makes its problem at a place, of the words that fill its gaps. */
export interface ProblemKind<Gaps extends string[] = string[]> {
  (at: Place, ...gaps: Gaps): Problem;
  rule: string;
  /** With `…` in each gap: what the documentation shows. */
  wording: Wording;
}

function problem<Gaps extends string[]>(rule: string, words: (...gaps: Gaps) => Wording): ProblemKind<Gaps> {
  const make = ({ line, column }: Place, ...gaps: Gaps): Problem => {
    const [message, remedy] = words(...gaps);
    return { rule, line, column, message, remedy };
  };
  const blanks = Array.from({ length: words.length }, () => '…') as Gaps;
  return Object.assign(make, { rule, wording: words(...blanks) });
}

const WRITE_STEP = 'write `## Step 1: What it does`';
const SAVE_AS_UTF8 = 'save the file as UTF-8';
const ANOTHER_SHELL = 'and what follows in this block runs elsewhere';
const WHOLE_COMMANDS =
  'say where the block runs with `on=`, and give each command whole; or mark it interactive=true';

/** Everything that can be wrong with a document or with a plan of it, each with what to do. */
export const problems = {
  // The file and its front matter.
  utf16: problem('encoding', () => ['the file is UTF-16', SAVE_AS_UTF8]),
  notUtf8: problem('encoding', (hex: string) => [`byte 0x${hex} is not UTF-8`, SAVE_AS_UTF8]),
  nul: problem('encoding', () => ['a NUL character stands in the text', SAVE_AS_UTF8]),
  lateFrontMatter: problem('front-matter', () => ['front matter begins on line 1', 'move it there']),
  endlessFrontMatter: problem('front-matter', () => [
    'the front matter never ends',
    'close it with a line `---`',
  ]),
  noYaml: problem('front-matter', (why: string) => [`the front matter is no YAML: ${why}`, 'mend it']),
  deepFrontMatter: problem('front-matter', (levels: string) => [
    `the front matter is nested more than ${levels} deep`,
    'write it flatter',
  ]),
  noYamlValue: problem('front-matter', (why: string) => [
    `the front matter is no YAML: ${why}`,
    'write the values out',
  ]),
  frontMatterKey: problem('front-matter', (key: string, fault: string, remedy: string) => [
    `${key} ${fault}`,
    remedy,
  ]),
  hostTwice: problem('front-matter', (name: string) => [
    `\`${name}\` is a host of \`hosts\`, too`,
    'leave one of the two',
  ]),
  secretVariable: problem('secret', () => [
    'a password stands here in clear text',
    'take it from the environment, and change the one written here',
  ]),

  // Headings and checklists.
  sameSection: problem('same-section', (line: string) => [
    `line ${line} has a section of this name`,
    'give it another heading',
  ]),
  noStep: problem('step-order', (heading: string) => [
    `“${heading}” is no step, and would not run as one`,
    WRITE_STEP,
  ]),
  stepOrder: problem('step-order', (step: string, due: string) => [
    `this is step ${step} where step ${due} is due`,
    'number the steps in order',
  ]),
  noChecklistItem: problem('checklist', () => [
    'this is no checklist item, so nobody is asked',
    'write `- [ ] ` before its text',
  ]),

  // Fences.
  unclosedFence: problem('unclosed-fence', (markup: string) => [
    'this fence is never closed',
    `close it with a line ${markup}`,
  ]),
  nearLanguage: problem('language', (word: string, meant: string) => [
    `a \`${word}\` fence does not run`,
    `write \`${meant}\`, or \`text\``,
  ]),
  attributesElsewhere: problem('language', (fence: string) => [
    `${fence} does not run, whatever its attributes`,
    'write `sh` or `sql`',
  ]),
  noLanguage: problem('language', () => [
    'a fence without a language does not run',
    'write `sh` or `sql`, or `text`',
  ]),
  indentedCode: problem('language', () => [
    'indented code does not run',
    'put it in a fence of `sh`, `sql` or `text` that is indented as the text around it',
  ]),
  endlessComment: problem('html', () => ['this comment never ends', 'close it with `-->`']),
  insideHtml: problem('html', (what: string) => [
    `this ${what} stands inside HTML`,
    'leave a blank line before it',
  ]),
  unknownAttribute: problem('unknown-attribute', (key: string, suggestion: string) => [
    `there is no attribute \`${key}\``,
    suggestion,
  ]),
  unreadableAttribute: problem('bad-attribute', (pair: string, wanted: string) => [
    `\`${pair}\` cannot be read`,
    `write ${wanted}`,
  ]),
  attributeTwice: problem('bad-attribute', (key: string) => [`\`${key}\` stands here twice`, 'leave one']),
  noAttributes: problem('bad-attribute', (text: string) => [
    `\`${text}\` is no list of attributes`,
    'write { name=value name=value }',
  ]),
  noAttribute: problem('bad-attribute', (text: string) => [
    `\`${text}\` is no attribute`,
    'write name=value',
  ]),

  // Blocks.
  emptyBlock: problem('empty', () => ['this block does nothing', 'give it a command']),
  sameName: problem('same-name', (line: string, name: string) => [
    `line ${line} has a block named \`${name}\``,
    'give each its own name',
  ]),
  noProbe: problem('done', (name: string, suggestion: string) => [
    `there is no block \`${name}\` to say whether this one is done`,
    suggestion,
  ]),
  ownProbe: problem('done', (name: string) => [
    `\`${name}\` cannot say itself whether it is done`,
    'name a block that only reads, and passes where this one is done',
  ]),
  probeWrites: problem('done', (name: string, line: string) => [
    `\`${name}\`, on line ${line}, is to say whether this block is done, and does more than read`,
    'name one of effect=reads',
  ]),
  probeExpectsNothing: problem('done', (name: string, line: string) => [
    `\`${name}\`, on line ${line}, is to say whether this block is done, and nothing is expected of it`,
    'say below that block, in **Expected output:**, what is true once this one is done',
  ]),
  sqlSyntax: problem('sql-syntax', (why: string) => [why, 'mend the SQL']),
  psqlCommand: problem('sql-syntax', (why: string) => [
    why,
    'psql’s backslash commands are not SQL: use a `sh` block',
  ]),
  copyToClient: problem('copy', () => [
    'what `COPY … TO STDOUT` gives goes to a client that takes it, and here nobody would see it',
    'write the query alone; or use psql, in a `sh` block',
  ]),
  copyFromClient: problem('copy', () => [
    '`COPY … FROM STDIN` takes its rows from a client, and here none has any',
    'write INSERT … VALUES; or use psql, in a `sh` block',
  ]),
  effect: problem('effect', () => [
    'this statement does more than read',
    'a block that reads runs in a read-only transaction: write effect=writes or effect=destroys',
  ]),
  estimate: problem('estimate', (text: string) => [
    `“${text}” is no span of time`,
    'write it like `1-5 minutes` or `10 seconds`',
  ]),

  // Labels and what they bind.
  unknownLabel: problem('unknown-label', (words: string, why: string, meant: string) => [
    `“${words}” ${why}`,
    `begin a line with **${meant}:** if that is meant`,
  ]),
  labelInTable: problem('unknown-label', () => [
    'a label in a table binds nothing',
    'write it as a paragraph of its own',
  ]),
  noBlockBefore: problem('unbound', () => [
    'no block stands before this expectation',
    'put it right after its block',
  ]),
  nothingFollows: problem('unbound', () => [
    'nothing follows this label',
    'let a list of sentences, a table, or a fence of `text` or `json` follow it',
  ]),
  unlabelled: problem('unbound', () => [
    'this reads as an expectation, and nothing says that it is one',
    'put **Expected output:** before it, or a line that says what it is',
  ]),
  insideList: problem('unbound', () => [
    'what stands inside an expectation’s list is neither run nor compared',
    'end the list before it, with a line of text',
  ]),
  noFixFollows: problem('unbound', () => [
    'no block follows this **Fix:**',
    'put one after it, in an `sh` or `sql` fence',
  ]),
  noBlockForEstimate: problem('unbound', () => [
    'no block is here to take this time',
    'put one after it, in an `sh` or `sql` fence',
  ]),

  // Expectations.
  tooManyBullets: problem('too-many-bullets', (count: string) => [
    `the block has ${count}, and this is a bullet more`,
    'nest what speaks of one statement',
  ]),
  unreadSentence: problem('unread-sentence', (sentence: string, remedy: string) => [
    `no rule reads “${sentence}”`,
    remedy,
  ]),
  cannotFail: problem('cannot-fail', (sentence: string, why: string) => [
    `“${sentence}”: ${why}`,
    'say what would be wrong',
  ]),
  acceptsAnything: problem('cannot-fail', () => [
    'any output at all would do here',
    'write a line that must be printed',
  ]),
  speaksOfSql: problem('wrong-subject', (sentence: string) => [
    `“${sentence}” speaks of SQL, and this is a shell`,
    'write `exits 1` or `complains "…"`',
  ]),
  speaksOfShell: problem('wrong-subject', (sentence: string) => [
    `“${sentence}” speaks of a shell, and this is SQL`,
    'speak of its rows, or of what it `fails with`',
  ]),
  leavesRest: problem('wrong-subject', (sentence: string) => [
    `“${sentence}” leaves the statements after it unrun`,
    'make it the last one, or give it a block of its own',
  ]),
  speaksOfChange: problem('wrong-subject', (sentence: string) => [
    `“${sentence}” speaks of INSERT, UPDATE or DELETE`,
    'say how many rows it returns',
  ]),
  badPattern: problem('bad-pattern', (why: string) => [
    `this is no regular expression that can be read: ${why}`,
    'mend it, or write ` (glob)` or ` (equal)`',
  ]),
  ambiguousLine: problem('bad-pattern', () => [
    'is this line so many times the text before it, or text that ends so?',
    'write `(equal?)`, `(equal*)` or `(equal+)` at its end; or ` (equal)` behind it, for the text itself',
  ]),
  badJson: problem('bad-pattern', (why: string) => [
    `this is no JSON: ${why}`,
    'mend it; `...` stands for what is left out',
  ]),
  certain: problem('cannot-fail', (sentence: string, why: string) => [
    `“${sentence}” is true whatever the data are: ${why}`,
    'ask for what could be otherwise, such as the value',
  ]),
  unjudged: problem('unjudged', (title: string) => [
    `nothing is expected of “${title}”`,
    'say below the block, in **Expected output:**, what it must return',
  ]),
  noExpectation: problem('no-expectation', (name: string, what: string) => [
    `nothing is expected of \`${name}\` but ${what}`,
    'say below it, in **Expected output:**, what else is true of it, or name with `done=` the block below that tells',
  ]),
  claim: problem('claim', (text: string) => [
    `“${text}” reads as an expectation, and nobody judges it`,
    'put it below its block, in **Expected output:**, or say it in other words',
  ]),
  noProof: problem('no-proof', (text: string) => [
    `“${text}” is said to be so, and nothing proves it`,
    'put a block into the item that tells, or, where no program can, ask: write it as a question',
  ]),
  unjudgedComment: problem('unjudged-comment', (comment: string) => [
    `nobody judges “${comment}”`,
    'move it out of the block, below **Expected output:**',
  ]),

  // What stands in the blocks.
  secret: problem('secret', () => [
    'a password stands here in clear text',
    'use a key, or take it from the environment ("$NAME"), and change the one written here',
  ]),
  shellSyntax: problem('shell-syntax', (why: string) => [
    `bash cannot read this: ${why}`,
    'mend it: as it is, nothing of the block runs',
  ]),
  shellPrompt: problem('prompt', (prompt: string, typed: string) => [
    `\`${prompt}\` is a prompt, and no command`,
    `write \`${typed}\`, and what it prints below the block, in a \`text\` fence under **Expected output:**`,
  ]),
  psqlPrompt: problem('prompt', (prompt: string, typed: string) => [
    `\`${prompt}\` is psql’s prompt, and no command`,
    `write \`${typed};\` in an \`sql\` block, and what it returns below it, under **Expected output:**`,
  ]),
  otherPrompt: problem('prompt', (prompt: string, typed: string) => [
    `\`${prompt}\` is a program’s prompt, and no command`,
    `give the program \`${typed}\` as its arguments, or in a here-document`,
  ]),
  psqlGoesOn: problem('on-error-stop', () => [
    'psql goes on after an error, and ends with 0',
    'write `psql -v ON_ERROR_STOP=1`, or the statements in an `sql` block',
  ]),
  speaksOfRows: problem('wrong-subject', (sentence: string) => [
    `“${sentence}” speaks of rows, and psql prints a table of text`,
    'write the statements in an `sql` block',
  ]),
  fileHides: problem('hidden-failure', (file: string, line: string, message: string, remedy: string) => [
    `\`${file}\` hides a failure in its line ${line}: ${message}`,
    remedy,
  ]),
  switchedOff: problem('hidden-failure', () => [
    'below `set +e` the block goes on when this fails',
    'leave `set +e` out, or ask for `$?` right after it',
  ]),
  pipefailOff: problem('hidden-failure', () => [
    'below `set +o pipefail` only the last command of a pipe decides: the block goes on when this fails',
    'leave `set +o pipefail` out, or ask for `PIPESTATUS` right after it',
  ]),
  trapHides: problem('hidden-failure', () => [
    'with this the block passes, whatever fails in it',
    'leave `exit 0` out of the trap',
  ]),
  processHides: problem('hidden-failure', () => [
    'if what is in here fails, nobody sees it: bash does not ask how `<(…)` ended',
    'let it write into a file before, in a command of its own',
  ]),
  findHides: problem('hidden-failure', () => [
    '`find` ends with 0 even where what it calls fails',
    'write `+` for `\\;`, with which it does not',
  ]),
  orTrue: problem('hidden-failure', () => [
    'the block passes whatever this gives, and nothing else of it is judged',
    'leave `|| true` out, or expect what it prints',
  ]),
  lastStatusOnly: problem('hidden-failure', (shell: string) => [
    `${shell} goes on after this fails: only its last command decides`,
    'begin its code with `set -e`, or join the commands with `&&`',
  ]),
  pipeHides: problem('hidden-failure', (shell: string) => [
    `if this fails, ${shell} does not say so: only the last command of its pipe decides`,
    'let it begin with `set -o pipefail`, in bash, or pipe outside of it',
  ]),
  andHides: problem('hidden-failure', () => [
    'if this fails, the block goes on: bash does not end for what stands before `&&`',
    'write each command on a line of its own',
  ]),
  claimHides: problem('hidden-failure', () => [
    'if this is not so, the block goes on and passes',
    'say what must be printed, in **Expected output:**, or write the test alone',
  ]),
  orTells: problem('hidden-failure', () => [
    'this is told and not a failure: the block goes on and passes',
    'leave out the `||`, or end it with `exit 1`',
  ]),
  ifTells: problem('hidden-failure', () => [
    'this is told where something failed: the block goes on and passes',
    'end it with `exit 1`',
  ]),
  orEnds: problem('hidden-failure', () => [
    'where this fails, the block ends here, and passes',
    'end it with `exit 1`, or ask with `if` whether there is something to do',
  ]),
  negationHides: problem('hidden-failure', () => [
    'bash does not end for a command behind `!`, whatever it gives back',
    'write `if …; then exit 1; fi`',
  ]),
  conditionHides: problem('hidden-failure', (line: string) => [
    `bash goes on when this fails: it is part of the condition on line ${line}`,
    'call it as a command of its own, or join its commands with `&&`',
  ]),
  substitutionHides: problem('hidden-failure', () => [
    'inside of `$(…)` bash goes on when this fails',
    'begin it with `set -e;`, or join its commands with `&&`',
  ]),
  saidHides: problem('hidden-failure', (by: string) => [
    `\`${by}\` succeeds even where what is in \`$(…)\` fails, and nothing that is printed is judged`,
    'assign it to a variable first, or expect what is printed',
  ]),
  takenHides: problem('hidden-failure', (by: string) => [
    `\`${by}\` takes nothing where what is in \`$(…)\` fails, and goes on`,
    'assign it to a variable first: where that fails, the block does',
  ]),
  answerHides: problem('hidden-failure', () => [
    'where what is in `$(…)` fails, it gives nothing, and the test takes that for a good answer',
    'assign it to a variable first: where that fails, the block does',
  ]),
  declarationHides: problem('hidden-failure', (declares: string) => [
    `\`${declares}\` succeeds even where what is in \`$(…)\` fails`,
    `assign first, and \`${declares}\` on the next line`,
  ]),
  nobodyWaits: problem('hidden-failure', () => [
    'if this fails, nobody sees it: it runs in the background',
    'write `wait "$!"` where it must be done, or give it a block with background=true',
  ]),
  waitHides: problem('hidden-failure', () => [
    '`wait` gives only what the last of them ended with: where another fails, nobody sees it',
    'write a `wait` for each',
  ]),
  interactiveShell: problem('interactive-shell', (what: string) => [
    `${what}, ${ANOTHER_SHELL}`,
    WHOLE_COMMANDS,
  ]),
  asksPerson: problem('interactive-shell', (program: string) => [
    `\`${program}\` waits for a person at a terminal`,
    'give it all that it asks for as arguments; or mark the block interactive=true',
  ]),
  exit: problem('interactive-shell', () => [
    '`exit` ends the block here',
    'leave it out: each block ends by itself',
  ]),
  endless: problem('endless', () => [
    'this never ends, so neither does its block',
    'read what is there (`--since 10m`), or put `timeout 30` before it',
  ]),
  curlWithoutFail: problem('curl-without-fail', () => ['curl ends with 0 on an error page', 'add `--fail`']),
  grepStatus: problem('exit-status', () => [
    'grep ends with 1 where it finds nothing: good news or bad?',
    'say which is meant: expect `exits 1`, or what it `prints`',
  ]),
  headClosesPipe: problem('exit-status', () => [
    '`head` closes the pipe early, and the block fails with 141 when it does',
    'print all of it, or use `sed -n 1,50p`, which reads to the end',
  ]),
  sqlElsewhere: problem('database', (service: string, on: string) => [
    `SQL is sent to \`${service}\`, and this says on=${on}`,
    'leave `on` out',
  ]),
  otherRole: problem('database', (role: string, known: string) => [
    `there is no role \`${role}\` there`,
    known,
  ]),
  otherDatabase: problem('database', (name: string, known: string) => [
    `there is no database \`${name}\` there`,
    known,
  ]),
  otherUrl: problem('database', (role: string, name: string, known: string) => [
    `this URL is of role \`${role}\` and database \`${name}\``,
    known,
  ]),
  stoppedService: problem('stopped-service', (line: string) => [
    `line ${line} stopped every service, this one too`,
    'stop only what must stop, by name, and keep the database up',
  ]),
  placeholder: problem('placeholder', (text: string) => [
    `“${text}” waits for somebody to fill it in`,
    'let an earlier block export the value, and use "$NAME"',
  ]),
  personalPath: problem('placeholder', (path: string) => [
    `${path} is on one person’s machine`,
    'use a path relative to the runbook, with on=local',
  ]),

  // Plans.
  noHost: problem('front-matter', (name: string) => [
    `the front matter names no \`${name}\``,
    `write \`hosts: { ${name}: { ssh: user@host, directory: /where/compose.yaml/is } }\` into it`,
  ]),
  noSuchHost: problem('front-matter', (name: string, suggestion: string) => [
    `the front matter names no host \`${name}\``,
    suggestion,
  ]),
  nothingToRun: problem('procedure', () => [
    'nothing on this page runs: it has no block of shell or SQL',
    'write one; `init` makes a page that has some',
  ]),
  noSuchProcedure: problem('procedure', (name: string, suggestion: string) => [
    `there is no procedure \`${name}\``,
    suggestion,
  ]),
  noProgramHere: problem('preflight', (program: string, blocks: string) => [
    `this machine has no program \`${program}\`, which ${blocks} would call`,
    'install it, or put its directory on PATH',
  ]),
  noProgramThere: problem('preflight', (host: string, program: string, blocks: string) => [
    `${host} has no program \`${program}\` on its PATH, which ${blocks} would call`,
    'install it there, or write `path: [its directory]` below the host in the front matter',
  ]),
  programOffPath: problem('preflight', (host: string, program: string, blocks: string, directory: string) => [
    `${host} has \`${program}\` in ${directory}, which is not on its PATH, and ${blocks} would call it`,
    `write \`path: [${directory}]\` below the host in the front matter`,
  ]),
  noTemporary: problem('preflight', (host: string, why: string) => [
    `${host} has no temporary directory that can be written to: ${why}`,
    'make room in it, or let TMPDIR name another',
  ]),
  otherClock: problem('preflight', (host: string, difference: string) => [
    `the clock of ${host} is ${difference} that of this machine`,
    'set the one that is wrong: times in reports and logs would not fit',
  ]),
  loginNoise: problem('preflight', (host: string, noise: string) => [
    `login files of ${host} print ${noise} on the standard output of every command`,
    'let them do so only for a terminal: [ -t 1 ] || return',
  ]),
  noPreflight: problem('preflight', (host: string, why: string) => [
    `${host} could not be asked what it has: ${why}`,
    'see whether bash is there, and whether its login files end',
  ]),
  noSuchRollback: problem('rollback', (name: string, suggestion: string) => [
    `\`rollback\` names a procedure \`${name}\`, and there is none`,
    suggestion,
  ]),
  neverRehearsed: problem('order', (name: string, section: string) => [
    `no rehearsal runs \`${name}\``,
    `add \`${section}\` to replica.order in the front matter`,
  ]),
  noSuchService: problem('on', (host: string, service: string, places: string) => [
    `${host} has no service \`${service}\``,
    `\`on\` is one of ${places}`,
  ]),
  noTerminal: problem('interactive', (name: string) => [
    `\`${name}\` is interactive and there is no terminal`,
    'run it from a terminal',
  ]),
};
