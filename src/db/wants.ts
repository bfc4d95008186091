import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { Instant } from '../shared/instant.js';
import { join, raw, type Sql, sql } from './sql.js';

/**
 * What a query asks of one object, found by looking ahead over its selection.
 *
 * Only wanted columns are read, so a domain value made from a row has only what was asked for: the resolver of a
 * field and the use case that reads a property are the ones who want its column.
 */
export interface Wants {
  readonly columns: Set<string>;
  /** What lies below the object, by the key under which its resolver finds it again. */
  readonly parts: Map<string, Part>;
}

/** Something below an object that is read in the object's own statement, as one JSON value. */
export interface Part {
  /** Of the objects in the part. */
  readonly wants: Wants;
  /** An expression over the alias of the object's table that gives the JSON value. */
  column(): Sql;
  /** Turns that value into what the field's resolver returns. */
  read(merchant: MerchantScope, json: unknown, parent: object): unknown;
  /** The same for a parent that has just been made, with nothing below it but these addresses. */
  ofNew(addresses: readonly object[], parent: object): unknown;
}

/** A JSON object of `row_to_json`; which properties it has, the statement's wants say. */
export type Row = Readonly<Record<string, unknown>>;

export function wants(...columns: readonly string[]): Wants {
  return { columns: new Set(columns), parts: new Map() };
}

/** Adds a part or, when the same one is wanted twice, what is wanted below it. */
export function wantPart(into: Wants, key: string, part: Part): void {
  const known = into.parts.get(key);
  if (known) mergeWants(known.wants, part.wants);
  else into.parts.set(key, part);
}

/** A sealed value is bound to its customer, whose id an object that is read by itself must bring along. */
export function wantBinding(wanted: Wants): Wants {
  if (wanted.columns.has('sealed')) wanted.columns.add('customer_id');
  return wanted;
}

export function mergeWants(into: Wants, more: Wants): void {
  for (const column of more.columns) into.columns.add(column);
  for (const [key, part] of more.parts) wantPart(into, key, part);
}

/** The select list for an object: its wanted columns in the table's own order, then its parts as p0, p1, … */
export function selectList(columns: Readonly<Record<string, Sql>>, wanted: Wants): Sql {
  const own = Object.entries(columns)
    .filter(([name]) => wanted.columns.has(name))
    .map(([, column]) => column);
  const parts = [...wanted.parts.values()].map((part, index) => sql`${part.column()} as ${partName(index)}`);
  return join([...own, ...parts]);
}

/** Reads the parts of a row, each under its key. */
export function readParts(
  merchant: MerchantScope,
  row: Row,
  wanted: Wants,
  parent: object,
): [key: string, value: unknown][] {
  return [...wanted.parts].map(([key, part], index) => [key, part.read(merchant, row[`p${index}`], parent)]);
}

// Counted, not taken from the document: a name cannot be a parameter.
function partName(index: number): Sql {
  return raw(`p${index}`);
}

/** A sealed column in base64: two thirds of the text that it would be in JSON by itself, for both ends. */
export function sealedColumn(column: Sql): Sql {
  return sql`encode(${column}, 'base64') as sealed`;
}

/** The blob that a `sealedColumn` holds. */
export function blobOf(json: string): Buffer {
  return Buffer.from(json, 'base64');
}

/** A `bytea` as it stands in JSON, `\x6162…`. */
export function bytesOf(json: string): Buffer {
  return Buffer.from(json.slice(2), 'hex');
}

/**
 * A `timestamptz(3)` as it stands in JSON when the session is in UTC, `2023-07-13T05:28:11.1+00:00`; absent, as in
 * the row, where its column was not wanted.
 */
export function instantOf(json: string | undefined): Instant {
  if (json === undefined) return undefined as unknown as Instant;
  const [seconds, fraction] = [json.slice(0, 19), json.slice(20, -'+00:00'.length)];
  return `${seconds}.${fraction.padEnd(3, '0')}Z` as Instant;
}

/** Takes a part off what is wanted and gives what is wanted of it; undefined when it is not wanted. */
export function takePart(from: Wants, key: string): Wants | undefined {
  const part = from.parts.get(key);
  from.parts.delete(key);
  return part?.wants;
}
