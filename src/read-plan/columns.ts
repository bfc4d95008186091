import { raw, type Sql, sql } from '../db/sql.js';
import type { Instant } from '../shared/instant.js';

// Columns come as text, integers and booleans only: JSON holds those as they are, and no driver makes anything of them.

/** A sealed column in base64: two thirds of the text that it would be by itself. */
export function sealedColumn(column: string): Sql {
  return raw(`encode(${column}, 'base64')`);
}

/** A `timestamptz(3)`, to be read by `instantOf`. */
export function instantColumn(column: string): Sql {
  return raw(`${column}::text`);
}

/** The rows of a subquery as one JSON array of objects, in their order; null for none. */
export function jsonRows(rows: Sql): Sql {
  return sql`(select json_agg(r) from (${rows}) r)`;
}

/**
 * A `timestamptz(3)` as PostgreSQL writes it in a session in UTC: `2023-07-13 05:28:11.1+00`; absent, as in the row,
 * where its column was not selected.
 */
export function instantOf(text: string): Instant {
  if (text === undefined) return text;
  if (!text.endsWith('+00')) throw new Error('An instant is not in UTC.');
  const fraction = text.slice(20, -3);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z` as Instant;
}
