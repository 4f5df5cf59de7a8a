/** PostgreSQL's types of numbers, and `number`, which is JSON's. */
const NUMERIC = new Set(['int2', 'int4', 'int8', 'oid', 'float4', 'float8', 'numeric', 'number']);

/** Whether cells of this type are compared, and set, as numbers. */
export const isNumeric = (type: string): boolean => NUMERIC.has(type);
