import { Prisma } from '../generated/prisma/client.js';

/** A statement or a part of one: its text and its values, kept apart, so that no value becomes SQL. */
export type Sql = Prisma.Sql;

/** Tagged template for SQL: every `${value}` becomes a parameter, every `${sql…}` is spliced in. */
export const sql = Prisma.sql;
export const empty = Prisma.empty;

/** Joins parts by a separator; the list must not be empty. */
export const join = Prisma.join;

/** Joins conditions by `and`. */
export function allOf(conditions: readonly Sql[]): Sql {
  return Prisma.join([...conditions], ' and ');
}

/** A text of ours as SQL, never a caller's. */
export const raw = Prisma.raw;
