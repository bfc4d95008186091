import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PackedReader } from './packed.js';
import type { Sql } from './sql.js';

/**
 * What a query asks of one object, found by looking ahead over its selection. It may be remembered with the document
 * and shared by requests, so it knows nothing of any one merchant; a repository may add columns that it needs itself.
 *
 * Only wanted columns are read, so a domain value made from a row has only what was asked for: the resolver of a
 * field and the use case that reads a property are the ones who want its column.
 */
export interface Wants {
  readonly columns: Set<string>;
  /** What lies below the object, by the key under which its resolver finds it again. */
  readonly parts: ReadonlyMap<string, Part>;
}

/** What is wanted, while it is being found out. */
export interface OpenWants extends Wants {
  readonly parts: Map<string, Part>;
}

/** Something below an object that is read in the object's own statement. */
export interface Part {
  /** Of the objects in the part. */
  readonly wants: OpenWants;
  /** Its packed cells, as an expression over the alias of the object's table. */
  column(): Sql;
  /** Makes of those cells, and of no others, what the field's resolver returns. */
  read(merchant: MerchantScope, reader: PackedReader, parent: object): unknown;
  /** The same for a parent that has just been made, with nothing below it but these addresses. */
  ofNew(addresses: readonly object[], parent: object): unknown;
}

export function wants(...columns: readonly string[]): OpenWants {
  return { columns: new Set(columns), parts: new Map() };
}

/** Adds a part or, when the same one is wanted twice, what is wanted below it. */
export function wantPart(into: OpenWants, key: string, part: Part): void {
  const known = into.parts.get(key);
  if (known) mergeWants(known.wants, part.wants);
  else into.parts.set(key, part);
}

/** A sealed value is bound to its customer, whose id an object that is read by itself must bring along. */
export function wantBinding<Wanted extends Wants>(wanted: Wanted): Wanted {
  if (wanted.columns.has('sealed')) wanted.columns.add('customer_id');
  return wanted;
}

export function mergeWants(into: OpenWants, more: Wants): void {
  for (const column of more.columns) into.columns.add(column);
  for (const [key, part] of more.parts) wantPart(into, key, part);
}

/** Takes a part off what is wanted and gives what is wanted of it; undefined when it is not wanted. */
export function takePart(from: OpenWants, key: string): OpenWants | undefined {
  const part = from.parts.get(key);
  from.parts.delete(key);
  return part?.wants;
}
