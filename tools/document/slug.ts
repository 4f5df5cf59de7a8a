/**
 * A heading as one part of a section's path. A label before a colon stands for the whole (`Option A: Roll
 * back …` is `option-a`, `Step 3: …` is `step-3`), and what stands in parentheses is left out.
 */
export function slug(heading: string): string {
  const label = /^((?:step|option|phase|part) \w+):/i.exec(heading)?.[1];
  return (label ?? withoutParentheses(heading))
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
}

function withoutParentheses(heading: string): string {
  const end = heading.lastIndexOf(')') + 1;
  return heading.slice(0, end).replaceAll(/\([^)]*(?:\)|$)/g, ' ') + heading.slice(end);
}
