import { problems } from '../../document/problems.ts';
import { unprovedBlocks, unprovedItems } from '../../document/proof.ts';
import type { Rule } from '../rule.ts';

/** Blocks of which nothing is expected but that they end well, and that no probe proves. */
const expectations: Rule = {
  name: 'no-expectation',
  check(document, report) {
    for (const block of unprovedBlocks(document)) {
      const what = block.language === 'sql' ? 'that PostgreSQL takes it' : 'its exit status';
      report(problems.noExpectation(block, block.name, what));
    }
  },
};

/** What reads as an expectation and binds to nothing. */
const claims: Rule = {
  name: 'claim',
  check(document, report) {
    for (const claim of document.claims) report(problems.claim(claim, claim.text));
  },
};

/** Checklist items that say what is so, and that nothing proves. */
const proofs: Rule = {
  name: 'no-proof',
  check(document, report) {
    for (const item of unprovedItems(document)) report(problems.noProof(item, item.text));
  },
};

/** What no run judges: nothing of it is wrong, and a reader should know of it. */
export const STRICT_RULES: readonly Rule[] = [expectations, claims, proofs];
