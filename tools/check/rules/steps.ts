import type { Section } from '../../document/document.ts';
import { problems } from '../../document/problems.ts';
import type { Rule } from '../rule.ts';

/** Steps are numbered 1, 2, 3 … down the page, or a reader by night skips one. */
export const steps: Rule = {
  name: 'step-order',
  check({ sections }, report) {
    let due = 1;
    for (const section of sections) {
      if (section.step === null && isMeantAsStep(section)) {
        report(problems.noStep(section, section.heading));
      }
      if (section.step === null) continue;
      if (section.step !== due) {
        report(problems.stepOrder(section, String(section.step), String(due)));
      }
      due = section.step + 1;
    }
  },
};

/** A heading that a reader takes for a step of the main procedure. */
const isMeantAsStep = ({ heading, level, path }: Section) =>
  /^step\s*\d/i.test(heading) && (level <= 2 || !path.includes('/') || path.startsWith('step-'));
