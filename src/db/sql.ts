import { Prisma } from '../generated/prisma/client.js';

/** A statement or a part of one: its text and its values, kept apart, so that no value becomes SQL. */
export type Sql = Prisma.Sql;

/** What is sent of one. Prisma's own class puts its text together anew whenever it is asked for. */
export type Statement = Pick<Sql, 'text' | 'values'>;

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

const GROWS = '/* grows */';

/**
 * Stands in every part of a look-up whose time grows with what a merchant stores: counts, searches, and filters that
 * may let nothing through. A statement with it is not pipelined, so that no other look-up waits behind it.
 */
export const grows: Sql = raw(GROWS);

/** Whether the time of a statement grows with what a merchant stores. */
export function isGrowing(text: string): boolean {
  return text.includes(GROWS);
}
