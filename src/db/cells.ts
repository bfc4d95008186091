import type { Instant } from '../shared/instant.js';
import { type Sql, sql } from './sql.js';

/** A sealed column in base64: two thirds of the text that it would be by itself, for both ends. */
export function sealedColumn(column: Sql): Sql {
  return sql`encode(${column}, 'base64')`;
}

/** A `bytea` as PostgreSQL writes it, `\x6162…`. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex');
}

/**
 * A `timestamptz(3)` as PostgreSQL writes it in a session in UTC: `2023-07-13 05:28:11.1+00`, in JSON
 * `2023-07-13T05:28:11.1+00:00`; absent, as in the row, where its column was not wanted.
 *
 * @throws for one of a session in another zone or style: cut in the same way it would be another instant.
 */
export function instantOf(text: string | undefined): Instant {
  if (text === undefined) return undefined as unknown as Instant;
  const zone = text.indexOf('+', 19);
  if (zone < 0 || text[4] !== '-' || !isUtc(text.slice(zone))) throw new Error('An instant is not in UTC.');
  const fraction = text.slice(20, zone);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction.padEnd(3, '0')}Z` as Instant;
}

function isUtc(zone: string): boolean {
  return zone === '+00:00' || zone === '+00';
}

/** A `boolean` as PostgreSQL writes it. */
export function isTrue(text: string | undefined): boolean {
  return text === 't';
}
