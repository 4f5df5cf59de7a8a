// @ts-check
/**
 * The rooms of tools/, one a folder or a file, and which others each may import: what is not named here is forbidden,
 * and the linter says so. A room imports only rooms that stand above it. The table and the picture in ARCHITECTURE.md
 * are drawn of this.
 *
 * @type {Record<string, { holds: string, imports: string[] }>}
 */
export const ROOMS = {
  text: {
    holds: 'places, SQL split, durations, near words, quoting, names of secrets and of files',
    imports: [],
  },
  'called.ts': { holds: 'how a person calls this tool', imports: [] },
  'cache.ts': { holds: 'where this user’s caches are, and how a file is kept in one', imports: [] },
  'left-out.ts': { holds: 'what of a directory belongs to nobody’s stack', imports: [] },
  shell: {
    holds: 'the syntax tree of shell code: its commands, prompts, and failures that nobody sees',
    imports: ['text'],
  },
  expect: { holds: 'the sentences and the output patterns, one matcher a file', imports: ['text'] },
  document: { holds: 'text to Document; the catalogue of problems', imports: ['text', 'expect'] },
  check: {
    holds: 'what can be wrong with a document, one rule a file',
    imports: ['text', 'shell', 'expect', 'document'],
  },
  adopt: {
    holds: 'a runbook out of nothing, or out of a page that somebody wrote for people',
    imports: ['shell', 'expect', 'document'],
  },
  plan: { holds: 'Document to Plan: what would run, in order', imports: ['text', 'shell', 'document'] },
  outcome: {
    holds: 'Output to Outcome: the judge; and what was seen to edits of the document',
    imports: ['text', 'expect', 'document'],
  },
  journal: { holds: 'events on disk, and what an earlier run left', imports: ['text', 'outcome'] },
  report: {
    holds: 'folds over the events, one file a form',
    imports: ['text', 'document', 'plan', 'outcome', 'journal'],
  },
  host: {
    holds: 'where blocks run, one file a kind; shell, SQL and lock there',
    imports: ['text', 'expect', 'document', 'outcome'],
  },
  'host-kinds.ts': {
    holds: 'the kinds of host: how the front matter writes each, and how one is opened',
    imports: ['document', 'host'],
  },
  'run.ts': {
    holds: 'the loop: Plan to events',
    imports: ['document', 'plan', 'outcome', 'journal', 'host'],
  },
  'perform.ts': {
    holds: 'the one path of run and rehearse, from a Plan to its reports',
    imports: ['text', 'document', 'plan', 'outcome', 'journal', 'report', 'host', 'run.ts'],
  },
  'match-indices.mjs': { holds: 'stands in for a package that Node has outgrown', imports: [] },
  'launch.mjs': { holds: 'runs a compiled program, with what V8 made of it before', imports: [] },
  'compile.mjs': { holds: 'compiles the programs whose sources have changed', imports: [] },
  compose: {
    holds: 'the stand-in for Docker, where there is no engine',
    imports: ['compile.mjs', 'called.ts', 'cache.ts', 'left-out.ts'],
  },
  machine: { holds: 'what this machine has and lacks', imports: ['compose'] },
  replica: {
    holds: 'a replica’s life: recipe, stage, seed; embedded or in Docker',
    imports: ['text', 'document', 'outcome', 'journal', 'host', 'compose', 'machine'],
  },
  notebook: {
    holds: 'the page alive: what goes on, as pieces of HTML, and the server of a browser',
    imports: ['text', 'document', 'plan', 'outcome', 'journal', 'report', 'perform.ts'],
  },
  commands: {
    holds: 'one command a file, with its options',
    imports: [
      ...['text', 'document', 'check', 'adopt', 'plan', 'outcome', 'journal', 'report'],
      ...[
        'called.ts',
        'cache.ts',
        'left-out.ts',
        'host',
        'host-kinds.ts',
        'perform.ts',
        'notebook',
        'compose',
        'machine',
        'replica',
      ],
    ],
  },
  'cli.ts': {
    holds: 'argv to a command; errors to an exit status',
    imports: ['journal', 'report', 'commands'],
  },
  'index.ts': { holds: 'what the engine offers to others', imports: ['text', 'machine'] },
  'vitest.ts': {
    holds: 'a runbook as the tests of a project: one for each sentence',
    imports: ['document', 'check', 'plan', 'outcome', 'report', 'host-kinds.ts'],
  },
  'vitest-plugin.ts': { holds: 'makes a page a file of tests of its own', imports: ['vitest.ts'] },
  crosshot: { holds: 'this migration: migrate, backfill, dashboard', imports: ['index.ts'] },
  docs: { holds: 'tables and pictures of the documentation', imports: ['document', 'commands'] },
  'docs.ts': { holds: '`npm run docs`', imports: ['expect', 'document', 'docs'] },
  'record.ts': {
    holds: '`npm run recording`: a rehearsal as an animated picture',
    imports: ['docs', 'machine'],
  },
  'start.mjs': { holds: 'starts a program of the tool, compiled', imports: ['compile.mjs'] },
  'pack.mjs': { holds: 'makes what a package has in the place of the sources', imports: ['compile.mjs'] },
  'install.mjs': { holds: 'installs the npm packages, before anything else runs', imports: [] },
};

/** Rooms that see no effect, clock, chance or environment: biome.json says what that forbids. */
export const PURE = ['text', 'shell', 'expect', 'document', 'check', 'adopt', 'plan', 'outcome'];

/** Rooms that are entered by one file only. */
export const DOORS = { compose: 'tools/compose/index.ts' };
