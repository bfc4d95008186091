import type { MerchantScope } from '../sealing/merchant-scope.js';
import type { PackedReader } from './packed.js';
import type { Sql } from './sql.js';

/**
 * What a query asks of one object, found by looking ahead over its selection. It may be remembered with the document
 * and shared by requests, so it knows nothing of any one merchant, and it is frozen before anything is read by it: a
 * repository that needs columns of its own reads by a copy that has them (`withColumns`).
 *
 * Only wanted columns are read, so a domain value made from a row has only what was asked for: the resolver of a
 * field and the use case that reads a property are the ones who want its column.
 */
export interface Wants {
  readonly columns: ReadonlySet<string>;
  /** What lies below the object, by the key under which its resolver finds it again. */
  readonly parts: ReadonlyMap<string, Part>;
}

/** What is wanted, while it is being found out. */
export interface OpenWants extends Wants {
  readonly columns: Set<string>;
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

/** Makes every later change of what is wanted throw, here and below: others read by it at the same time. */
export function freezeWants<Wanted extends Wants>(wanted: Wanted): Wanted {
  for (const collection of [wanted.columns, wanted.parts]) {
    if (Object.isFrozen(collection)) continue;
    Object.freeze(Object.assign(collection, { add: refuse, set: refuse, delete: refuse, clear: refuse }));
    for (const { wants: below } of wanted.parts.values()) freezeWants(below);
  }
  return wanted;
}

function refuse(): never {
  throw new Error('What is wanted was changed after something had been read by it.');
}

// Remembered with what they were made of, as layouts are: a document that comes often costs one look-up here.
const extended = new WeakMap<Wants, Map<string, Wants>>();

/** The same with columns that the repository needs itself; what is wanted already is given back as it is. */
export function withColumns(wanted: Wants, ...names: readonly string[]): Wants {
  const missing = names.filter((name) => !wanted.columns.has(name));
  if (missing.length === 0) return wanted;
  const known = extended.get(wanted) ?? new Map<string, Wants>();
  extended.set(wanted, known);
  const key = missing.join(' ');
  const copy = known.get(key) ?? {
    columns: new Set([...freezeWants(wanted).columns, ...missing]),
    parts: wanted.parts,
  };
  known.set(key, copy);
  return copy;
}

/** A sealed value is bound to its customer, whose id an object that is read by itself must bring along. */
export function withBinding(wanted: Wants): Wants {
  return wanted.columns.has('sealed') ? withColumns(wanted, 'customer_id') : wanted;
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
