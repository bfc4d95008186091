import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql';
import { turns } from '../shared/event-loop-turns.js';
import type { Context } from './context.js';

type Resolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Makes every list of objects one that gives the event loop back: items are handed to graphql-js as they are while the
 * turn lasts, and in later turns afterwards. Ends the lists of an answer that has become too large.
 */
export function paceLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListOfObjects(field)) field.resolve = paced(field.resolve ?? defaultFieldResolver);
    }
  }
}

function isListOfObjects({ type }: GraphQLField<unknown, Context>): boolean {
  const named = getNamedType(type);
  if (!isListType(getNullableType(type)) || !(isObjectType(named) || isAbstractType(named))) return false;
  // Of these there are as many as a mutation has values.
  return named.name !== 'UserError';
}

function paced(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const result: unknown = resolve(source, args, context, info);
    return result instanceof Promise ? result.then((list) => pace(list, context)) : pace(result, context);
  };
}

function pace(list: unknown, context: Context): unknown {
  return Array.isArray(list) ? new PacedList(list, context) : list;
}

/** What graphql-js takes for a list: it completes each item before it asks for the next. */
class PacedList implements Iterable<unknown> {
  readonly #items: readonly unknown[];
  readonly #context: Context;

  constructor(items: readonly unknown[], context: Context) {
    this.#items = items;
    this.#context = context;
  }

  /**
   * Once the turn is over, every further item comes as a promise, in all lists. So no item can throw after an earlier
   * one has given a promise, which graphql-js would then leave without anybody to catch its error.
   */
  *[Symbol.iterator](): Generator<unknown> {
    const { answer, merchant } = this.#context;
    const share = merchant?.owner ?? '';
    for (const item of this.#items) {
      answer.addObject();
      if (answer.excess !== null) return;
      yield turns.isOver ? turns.later(share, item) : item;
    }
  }
}
