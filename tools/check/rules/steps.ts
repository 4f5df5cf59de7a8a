import type { Rule } from '../rule.ts';

/** Steps are numbered 1, 2, 3 … down the page, or a reader by night skips one. */
export const steps: Rule = {
  name: 'step-order',
  check({ sections }, report) {
    let due = 1;
    for (const section of sections) {
      if (section.step === null) continue;
      if (section.step !== due) {
        report(
          'step-order',
          section,
          `this is step ${section.step} where step ${due} is due`,
          'number the steps in order',
        );
      }
      due = section.step + 1;
    }
  },
};
