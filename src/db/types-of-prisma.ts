import pg from 'pg';
import { Prisma } from '../generated/prisma/client.js';

const { builtins, getTypeParser } = pg.types;
const BIGINT_ARRAY = 1016;
const NUMERIC_ARRAY = 1231;
const BYTEA_ARRAY = 1001;

const bytesOf = getTypeParser(builtins.BYTEA) as (text: string) => Buffer;
const textsOf = getTypeParser(BIGINT_ARRAY as 20) as (text: string) => (string | null)[];
const listOfBytes = getTypeParser(BYTEA_ARRAY as 17) as (text: string) => (Buffer | null)[];
const orNull =
  <From, To>(parse: (from: From) => To) =>
  (from: From | null) =>
    from === null ? null : parse(from);
const plainBytes = (bytes: Buffer) => new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
const decimalOf = (text: string) => new Prisma.Decimal(text);

/** Where Prisma gives a column another type than `pg` by itself. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: BigInt,
  [builtins.NUMERIC]: decimalOf,
  [builtins.BYTEA]: (text) => plainBytes(bytesOf(text)),
  [BIGINT_ARRAY]: (text) => textsOf(text).map(orNull(BigInt)),
  [NUMERIC_ARRAY]: (text) => textsOf(text).map(orNull(decimalOf)),
  [BYTEA_ARRAY]: (text) => listOfBytes(text).map(orNull(plainBytes)),
};

/** How `pg` reads the columns of a statement that does without Prisma: each as what Prisma makes of it. */
export const typesOfPrisma: pg.CustomTypesConfig = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    parsers[id] ?? getTypeParser(id, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** Values as both ways send them: of the years that have not four digits each would make something else. */
export function valuesOf(values: readonly unknown[]): unknown[] {
  return values.map((value) => (value instanceof Date ? textOfInstant(value) : value));
}

/** Of an instant as PostgreSQL reads it: the year 0 is 1 BC there. */
function textOfInstant(instant: Date): string {
  const year = instant.getUTCFullYear();
  const [years, era] = year > 0 ? [year, ''] : [1 - year, ' BC'];
  return `${String(years).padStart(4, '0')}${instant.toISOString().slice(-20)}${era}`;
}
