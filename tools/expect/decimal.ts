/** A number as its digits, so that none is lost: `sign` times 0.`digits` times ten to the power of `magnitude`. */
export interface Decimal {
  sign: -1 | 0 | 1;
  /** Without zeros at either end; none of zero. */
  digits: string;
  magnitude: number;
}

const WRITTEN = /^([+-]?)(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,9}))?$|^([+-]?)\.(\d+)(?:e([+-]?\d{1,9}))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** The number that a text writes, as PostgreSQL and JSON write them; null where it is none, as NaN is none. */
export function parseDecimal(text: string): Decimal | null {
  const infinite = INFINITE.exec(text.trim());
  if (infinite)
    return { sign: infinite[1] === '-' ? -1 : 1, digits: '1', magnitude: Number.POSITIVE_INFINITY };
  const found = WRITTEN.exec(text.trim());
  if (!found) return null;
  const whole = found[2] ?? '';
  const fraction = found[3] ?? found[6] ?? '';
  const minus = (found[1] ?? found[5]) === '-';
  return decimal(minus ? -1 : 1, whole + fraction, whole.length + Number(found[4] ?? found[7] ?? 0));
}

/** 0.`digits` times ten to the power of `magnitude`. */
function decimal(sign: -1 | 1, digits: string, magnitude: number): Decimal {
  const first = digits.search(/[1-9]/);
  if (first < 0) return { sign: 0, digits: '', magnitude: 0 };
  return { sign, digits: withoutZerosBehind(digits.slice(first)), magnitude: magnitude - first };
}

function withoutZerosBehind(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

/** Below zero where `a` is less than `b`, zero where they are the same number, above zero where it is more. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.magnitude !== b.magnitude) return a.magnitude < b.magnitude ? -a.sign : a.sign;
  if (a.digits === b.digits) return 0;
  return a.digits < b.digits ? -a.sign : a.sign;
}

/** `value` times `percent`/100, exactly. */
export function percentOf({ sign, digits, magnitude }: Decimal, percent: bigint): Decimal {
  if (sign === 0) return { sign, digits, magnitude };
  const product = String(BigInt(digits) * percent);
  return decimal(sign, product, magnitude - digits.length + product.length - 2);
}

/** For people, and for comparing: two texts are the same number where this is the same. */
export function showDecimal({ sign, digits, magnitude }: Decimal): string {
  if (sign === 0) return '0';
  const minus = sign < 0 ? '-' : '';
  if (magnitude === Number.POSITIVE_INFINITY) return `${minus}Infinity`;
  if (magnitude > 400 || magnitude < -400) return `${minus}0.${digits}e${magnitude}`;
  const whole = digits.slice(0, Math.max(0, magnitude)).padEnd(magnitude, '0') || '0';
  const fraction = '0'.repeat(Math.max(0, -magnitude)) + digits.slice(Math.max(0, magnitude));
  return minus + (fraction === '' ? whole : `${whole}.${fraction}`);
}
