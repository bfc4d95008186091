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
import type { AnswerSize } from '../graphql-kit/answer-size.js';
import type { Context } from '../graphql-kit/context.js';
import { turns } from '../shared/event-loop-turns.js';

type Resolver = GraphQLFieldResolver<unknown, Context>;

/** Text that each object of the schema's own description has at least. */
const DESCRIBED = 50;

/** Those whose lists are paced already: graphql-js has one of each, for all schemas. */
const described = new WeakSet<GraphQLField<unknown, Context>>();

/**
 * Makes every list of objects one that gives the event loop back: items are handed to graphql-js as they are while the
 * turn lasts, and in later turns afterwards. Ends the lists of an answer that has become too large.
 */
export function paceLists(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const isDescription = type.name.startsWith('__');
    for (const field of Object.values(type.getFields())) {
      if (!isListOfObjects(field) || described.has(field)) continue;
      field.resolve = paced(field.resolve ?? defaultFieldResolver, isDescription ? describe : count);
      if (isDescription) described.add(field);
    }
  }
}

const count = (answer: AnswerSize) => answer.addObject();
/** The whole schema is more objects than a query may ask for. */
const describe = (answer: AnswerSize) => answer.addText(DESCRIBED);

function isListOfObjects({ type }: GraphQLField<unknown, Context>): boolean {
  const named = getNamedType(type);
  if (!isListType(getNullableType(type)) || !(isObjectType(named) || isAbstractType(named))) return false;
  // Of these there are as many as a mutation has values.
  return named.name !== 'UserError';
}

function paced(resolve: Resolver, note: (answer: AnswerSize) => void): Resolver {
  return (source, args, context, info) => {
    const result: unknown = resolve(source, args, context, info);
    // Who looks at the schema outside of a request has no context.
    const pace = (list: unknown) =>
      Array.isArray(list) && context ? new PacedList(list, context, note) : list;
    return result instanceof Promise ? result.then(pace) : pace(result);
  };
}

/** What graphql-js takes for a list: it completes each item before it asks for the next. */
class PacedList implements Iterable<unknown> {
  readonly #items: readonly unknown[];
  readonly #context: Context;
  readonly #note: (answer: AnswerSize) => void;

  constructor(items: readonly unknown[], context: Context, note: (answer: AnswerSize) => void) {
    this.#items = items;
    this.#context = context;
    this.#note = note;
  }

  /**
   * Once the turn is over, every further item comes as a promise, in all lists. So no item can throw after an earlier
   * one has given a promise, which graphql-js would then leave without anybody to catch its error.
   */
  *[Symbol.iterator](): Generator<unknown> {
    const { answer, merchant } = this.#context;
    const share = merchant?.owner ?? '';
    for (const item of this.#items) {
      this.#note(answer);
      if (answer.excess !== null) return;
      yield turns.isOver ? turns.later(share, item) : item;
    }
  }
}
