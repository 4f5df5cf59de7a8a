#!/usr/bin/env node
// @ts-check
// Runs the program that is compiled beside it: `runbook.mjs` is a copy of this file, and runs `runbook.script.js`. Node
// compiles what it runs anew at each start, which takes as long as most commands themselves; V8 can be given what it made
// of a script before. Node's own `module.enableCompileCache` does that since Node 22, and not for Node 20.
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const SELF = fileURLToPath(import.meta.url);
const SCRIPT = SELF.replace(/\.mjs$/, '.script.js');

/** What V8 made of it at the first start. */
const FIRST = basename(SELF).replace(/mjs$/, 'v8');

/** Each command calls other functions of the program: it is known by the first word that can be the name of one. */
const word = process.argv.slice(2).find((given) => /^[a-z]{1,20}$/.test(given));
const OWN = word ? FIRST.replace(/v8$/, `${word}.v8`) : FIRST;

const hash = (/** @type {(string | Buffer)[]} */ ...parts) => {
  const made = createHash('sha256');
  for (const part of parts) made.update(part);
  return made.digest();
};
const HASH_BYTES = 32;

/** Beside the program; or in the user's cache, where another has installed it. */
const PLACES = [dirname(SELF), ...inUsersCache()];

function inUsersCache() {
  try {
    const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    return [join(cache, 'testable-runbook/programs', hash(SELF).toString('hex', 0, 8))];
  } catch {
    // A user whom the machine does not know has no home.
    return [];
  }
}

/** Which script this is, looked at before it is read: it may be another one by the end. */
const { size, mtimeMs, ctimeMs, ino } = statSync(SCRIPT);
const STATE = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;

/** V8 itself does not see that a bit of what it made has changed, and of the script it looks at the length alone. */
const digest = (/** @type {Buffer} */ made) => hash(STATE, made);

/** What V8 made at an earlier start; undefined where there is none of this very script, or only a part of it. */
function kept(/** @type {string} */ name) {
  for (const place of PLACES) {
    try {
      const bytes = readFileSync(join(place, name));
      const made = bytes.subarray(HASH_BYTES);
      if (digest(made).equals(bytes.subarray(0, HASH_BYTES))) return made;
    } catch {
      // There is none.
    }
  }
  return undefined;
}

/** Whole or not at all; where nothing can be written, each start takes as long as the first. */
function keep(/** @type {string} */ name, /** @type {Buffer} */ made) {
  for (const place of PLACES) {
    const draft = join(place, `${name}.${randomUUID()}`);
    try {
      mkdirSync(place, { recursive: true, mode: 0o700 });
      try {
        writeFileSync(draft, Buffer.concat([digest(made), made]));
        renameSync(draft, join(place, name));
      } finally {
        rmSync(draft, { force: true });
      }
      return;
    } catch {
      // It is another's, or full.
    }
  }
}

// V8 takes only what was made with the same flags, and the reader of SQL changes one, which changes others, for good: so
// they are changed before.
for (const flag of ['--liftoff-only', '--no-liftoff-only']) setFlagsFromString(flag);

const own = kept(OWN);
const cachedData = own ?? kept(FIRST);
const script = new Script(readFileSync(SCRIPT, 'utf8'), {
  filename: SCRIPT,
  ...(cachedData && { cachedData }),
});
const isKnown = script.cachedDataRejected === false;
// Only at the end have the functions been compiled that it calls.
if (!own || !isKnown)
  process.once('exit', (code) => {
    // Words that are refused, status 2, need be none of a command.
    const names = new Set([...(code < 2 ? [OWN] : []), ...(isKnown ? [] : [FIRST])]);
    const made = names.size > 0 && script.createCachedData();
    if (made) for (const name of names) keep(name, made);
  });

await script.runInThisContext()(createRequire(SCRIPT), import.meta.url);
