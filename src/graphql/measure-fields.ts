import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Context } from '../graphql-kit/context.js';

type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Makes every field count what it puts into the answer: its text, and its errors, of which a list of thousands of
 * objects may hold several each.
 */
export function measureFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = getNamedType(field.type).name === 'Metadata' ? ofMetadata(resolve) : measured(resolve);
    }
  }
}

/** What comes later, as the value of a root field may, stands in no list. */
function measured(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    try {
      const value: unknown = resolve(source, args, context, info);
      if (typeof value === 'string') context.answer.addText(value.length);
      else if (value instanceof Error) context.answer.addError();
      return value;
    } catch (error) {
      context.answer.addError();
      throw error;
    }
  };
}

// The same metadata is shown again for each name and on each way that leads to it.
const lengths = new WeakMap<object, number>();

function ofMetadata(resolve: Resolver): Resolver {
  return measured((source, args, context, info) => {
    const value: unknown = resolve(source, args, context, info);
    if (typeof value === 'object' && value !== null && !(value instanceof Error)) {
      context.answer.addText(lengthOf(value));
    }
    return value;
  });
}

function lengthOf(metadata: object): number {
  let length = lengths.get(metadata);
  if (length === undefined) {
    length = Object.entries(metadata).reduce(
      (all, [key, value]) => all + key.length + String(value).length,
      0,
    );
    lengths.set(metadata, length);
  }
  return length;
}
