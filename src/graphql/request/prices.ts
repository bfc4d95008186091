import { MAX_ADDRESSES } from '../../addresses/address.js';

/**
 * What is charged for, in hundredths of an object that has an id. docs/security.md lists them. They follow
 * what was measured: an object with ten fields takes 10 to 20 µs of Node's time, and so does what costs as much.
 */

/** An object with an id, with its first fields. */
export const OBJECT = 100;
/** Fields of an object that are paid with it, those of the objects without an id below it among them. */
export const FIELDS_OF_AN_OBJECT = 10;
export const FURTHER_FIELD = 5;
/** Opening the sealed part of an object, once however many fields come out of it. */
const OPENING = 10;
/** The same of a customer, in whose sealed part the metadata are, asked for or not. */
const OPENING_OF_CUSTOMER = 300;
/** Sealed with a keyed hash. */
const CURSOR = 10;
/** Up to 27,000 characters, written anew for every name under which it stands in the answer. */
const METADATA = 500;
/** PostgreSQL counts all rows of a merchant; or all of a customer's payment methods. */
const COUNT_OF_CUSTOMERS = 50_000;
const COUNT_OF_PAYMENT_METHODS = 1_000;
const COUNT_OF_OTHERS = 2_000;
/** A condition that may look through all customers of a merchant, or all payment methods of a customer. */
const CONDITION = 50_000;
const CONDITION_ON_PAYMENT_METHODS = 1_000;
/** Each word of a search, each pair of metadata, beyond the first. */
const FURTHER_PART = 5_000;
/** The whole schema, for every time beyond the first. */
export const INTROSPECTION = 200_000;

/** Sizes of lists that take no size. */
const sizes = new Map([
  ['Customer.addresses', MAX_ADDRESSES],
  ['PaymentTokenResolution.alternatives', 10],
]);

const fields = new Map([
  ['Customer.metadata', METADATA],
  ['CustomerConnection.totalCount', COUNT_OF_CUSTOMERS],
  ['PaymentMethodConnection.totalCount', COUNT_OF_PAYMENT_METHODS],
  ['MerchantConnection.totalCount', COUNT_OF_OTHERS],
  ['ApiKeyConnection.totalCount', COUNT_OF_OTHERS],
  ...['Customer', 'PaymentMethod', 'Merchant', 'ApiKey'].map(
    (name) => [`${name}Edge.cursor`, CURSOR] as const,
  ),
]);

/** Fields that come out of the sealed part of their object, by type. */
export const sealedFields: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Customer', new Set(['name', 'email', 'phone', 'reference', 'metadata'])],
  ['Address', new Set(['label', 'line1', 'line2', 'city', 'state', 'postalCode', 'country'])],
  ['PaymentMethod', new Set(['label', 'billingDetails'])],
]);

/** How many objects a list without a size has at most; undefined where its arguments say so. */
export function sizeOfList(typeName: string, fieldName: string): number | undefined {
  return sizes.get(`${typeName}.${fieldName}`);
}

/** What a field costs by itself, beside the objects that it leads to. */
export function priceOfField(typeName: string, fieldName: string): number {
  return fields.get(`${typeName}.${fieldName}`) ?? 0;
}

/** What it costs to open an object of which these fields are asked for. */
export function priceOfOpening(typeName: string, fieldNames: Iterable<string>): number {
  const sealed = sealedFields.get(typeName);
  if (!sealed) return 0;
  const isOpened = [...fieldNames].some((name) => sealed.has(name));
  if (!isOpened) return 0;
  return typeName === 'Customer' ? OPENING_OF_CUSTOMER : OPENING;
}

/** Filters by an index that leads to one customer. */
const EXACT: ReadonlySet<string> = new Set(['email', 'phone', 'reference']);

/** What a filter costs, of customers by the name of its input type, else of payment methods. */
export function priceOfFilter(typeName: string, filter: unknown): number {
  if (typeof filter !== 'object' || filter === null) return 0;
  const conditions = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  if (typeName !== 'CustomerFilter') return conditions.length > 0 ? CONDITION_ON_PAYMENT_METHODS : 0;
  return conditions
    .filter(([name]) => !EXACT.has(name))
    .reduce((all, [name, value]) => all + CONDITION + FURTHER_PART * (partsOf(name, value) - 1), 0);
}

/** More than these match nothing. */
const MOST_WORDS = 10;
const MOST_PAIRS = 50;
/** No search is longer. */
const LONGEST_SEARCH = 1_000;

/** The words of a search and the pairs of metadata; at least one. */
function partsOf(name: string, value: unknown): number {
  if (name === 'search' && typeof value === 'string') {
    const words = value.slice(0, LONGEST_SEARCH).trim().split(/\s+/).length;
    return Math.min(words, MOST_WORDS);
  }
  return name === 'metadata' && Array.isArray(value) ? Math.min(Math.max(value.length, 1), MOST_PAIRS) : 1;
}
