import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';

/** Blocks of which nothing is expected but that they end well. */
const expectations: Rule = {
  name: 'no-expectation',
  check({ blocks }, report) {
    for (const block of blocks.filter((one) => one.expectations.length === 0)) {
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

/** Checklist items that a person answers for. */
const proofs: Rule = {
  name: 'no-proof',
  check({ checks }, report) {
    for (const item of checks.filter(({ blocks }) => blocks.length === 0))
      report(problems.noProof(item, item.text));
  },
};

/** What no run judges: nothing of it is wrong, and a reader should know of it. */
export const STRICT_RULES: readonly Rule[] = [expectations, claims, proofs];
