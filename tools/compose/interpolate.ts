/** A variable of compose.yaml that must have a value and has none. */
export class InterpolationError extends Error {
  override name = 'InterpolationError';
}

/** Values by variable name; an unset variable is absent. */
export type Variables = Record<string, string | undefined>;

/**
 * Replaces what compose replaces in a value: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
 * `${NAME:?message}`, `${NAME?message}`, `${NAME:+other}`, `${NAME+other}`, and `$$` for one dollar sign.
 * Throws InterpolationError where a required variable is missing or the text is not of this form.
 */
export function interpolate(text: string, variables: Variables): string {
  let result = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) break;
    result += text.slice(at, dollar);
    const [value, end] = substitute(text, dollar + 1, variables);
    result += value;
    at = end;
  }
  return result + text.slice(at);
}

/** What stands for the expression after the dollar sign, which begins at `at`, and where it ends. */
function substitute(text: string, at: number, variables: Variables): [value: string, end: number] {
  if (text[at] === '$') return ['$', at + 1];
  if (text[at] === '{') {
    const end = closingBrace(text, at);
    return [braced(text.slice(at + 1, end), variables), end + 1];
  }
  const name = /^[A-Za-z_]\w*/.exec(text.slice(at))?.[0];
  if (name === undefined) throw invalid(text);
  return [variables[name] ?? '', at + name.length];
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) return at;
  }
  throw invalid(text);
}

function braced(expression: string, variables: Variables): string {
  const parts = /^([A-Za-z_]\w*)(?:(:?)([-?+])(.*))?$/s.exec(expression);
  if (!parts) throw invalid(`\${${expression}}`);
  const [, name = '', colon, operator, rest = ''] = parts;
  const value = variables[name];
  const isSet = value !== undefined && !(colon && value === '');
  if (operator === '+') return isSet ? interpolate(rest, variables) : '';
  if (isSet) return value;
  if (operator === '-') return interpolate(rest, variables);
  if (operator === '?') throw new InterpolationError(`required variable ${name} is missing a value: ${rest}`);
  return '';
}

const invalid = (text: string) =>
  new InterpolationError(`invalid interpolation format in "${text}": write $$ for a dollar sign itself`);
