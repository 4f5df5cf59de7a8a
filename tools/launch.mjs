#!/usr/bin/env node
// @ts-check
// Runs the program that is compiled beside it: `runbook.mjs` is a copy of this file, and runs `runbook.script.js`. Node
// compiles what it runs anew at each start, which takes as long as most commands themselves; V8 can be given what it made
// of a script before. Node's own `module.enableCompileCache` does that since Node 22, and not for Node 20.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

const SELF = fileURLToPath(import.meta.url);
const SCRIPT = SELF.replace(/\.mjs$/, '.script.js');

/** What V8 made of it at the first start. */
const FIRST = SELF.replace(/mjs$/, 'v8');

/** Each command calls other functions of the program: it is known by the first word that can be the name of one. */
const word = process.argv.slice(2).find((given) => /^[a-z]{1,20}$/.test(given));
const OWN = word ? SELF.replace(/mjs$/, `${word}.v8`) : FIRST;

/** V8 itself does not see that a bit of it has changed, and would run that. */
const DIGEST = 'sha256';
const DIGEST_BYTES = 32;

const digest = (/** @type {Buffer} */ bytes) => createHash(DIGEST).update(bytes).digest();

/** What V8 made at an earlier start; undefined where there is none, or only a part of it. */
function kept(/** @type {string} */ path) {
  try {
    const bytes = readFileSync(path);
    const made = bytes.subarray(DIGEST_BYTES);
    return digest(made).equals(bytes.subarray(0, DIGEST_BYTES)) ? made : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all; where nothing can be written, each start takes as long as the first. */
function keep(/** @type {string} */ path, /** @type {Buffer} */ made) {
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, Buffer.concat([digest(made), made]));
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
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
    const paths = [...(code < 2 ? [OWN] : []), ...(isKnown ? [] : [FIRST])];
    const made = paths.length > 0 && script.createCachedData();
    if (made) for (const path of new Set(paths)) keep(path, made);
  });

await script.runInThisContext()(createRequire(SCRIPT), import.meta.url);
