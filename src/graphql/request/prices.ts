import { type GraphQLInputType, type GraphQLSchema, getNamedType } from 'graphql';
import { foldedFeatures } from '../folded-features.js';

/**
 * What is charged for, in hundredths of an object that has an id; features add their own. docs/security.md lists them.
 * They follow what was measured: an object with ten fields takes 10 to 20 µs of Node's time, and so does what costs as
 * much.
 */

/** An object with an id, with its first fields. */
export const OBJECT = 100;
/** Fields of an object that are paid with it, those of the objects without an id below it among them. */
export const FIELDS_OF_AN_OBJECT = 10;
export const FURTHER_FIELD = 5;
/** The whole schema, for every time beyond the first. */
export const INTROSPECTION = 200_000;
/** Opening the sealed part of an object, once however many fields come out of it. */
const OPENING = 10;
/** Sealed with a keyed hash. */
const CURSOR = 10;
const COUNT = 2_000;
/** A condition that nobody has named a price for. */
const CONDITION = 50_000;

/** How many objects a list without a size has at most; undefined where its arguments say so. */
export function sizeOfList(schema: GraphQLSchema, typeName: string, fieldName: string): number | undefined {
  return foldedFeatures(schema).prices.listSizes[`${typeName}.${fieldName}`];
}

/** What a field costs by itself, beside the objects that it leads to. */
export function priceOfField(schema: GraphQLSchema, typeName: string, fieldName: string): number {
  const price = foldedFeatures(schema).prices.fields[`${typeName}.${fieldName}`];
  if (price !== undefined) return price;
  if (fieldName === 'totalCount' && typeName.endsWith('Connection')) return COUNT;
  return fieldName === 'cursor' && typeName.endsWith('Edge') ? CURSOR : 0;
}

/** What it costs to open an object of which these fields are asked for. */
export function priceOfOpening(
  schema: GraphQLSchema,
  typeName: string,
  fieldNames: readonly string[],
): number {
  const { sealedFields, prices } = foldedFeatures(schema);
  const isOpened = sealedFields[typeName]?.some((name) => fieldNames.includes(name));
  return isOpened ? (prices.opening[typeName] ?? OPENING) : 0;
}

/** What a filter costs, which may be anything that fits into its variable. */
export function priceOfFilter(schema: GraphQLSchema, type: GraphQLInputType, filter: unknown): number {
  if (typeof filter !== 'object' || filter === null) return 0;
  const price = foldedFeatures(schema).prices.filters[getNamedType(type).name];
  return price ? price(filter) : CONDITION * Object.keys(filter).length;
}
