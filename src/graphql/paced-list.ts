import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isIntrospectionType,
  isListType,
  isObjectType,
} from 'graphql';
import type { AnswerSize } from '../graphql-kit/answer-size.js';
import type { Context } from '../graphql-kit/context.js';
import { yielding } from '../shared/event-loop-yielding.js';

/** Text that each object of the schema's own description has at least. */
const DESCRIBED = 50;

export function isListOfObjects(type: GraphQLOutputType): boolean {
  const named = getNamedType(type);
  if (!isListType(getNullableType(type)) || !(isObjectType(named) || isAbstractType(named))) return false;
  // Of these there are as many as a mutation has values.
  return named.name !== 'UserError';
}

/** A list of objects that gives the event loop back, and ends once the answer has become too large. */
export function pacedList(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) return new PacedList(value, context, countObject);
  return value instanceof Promise ? value.then((list: unknown) => pacedList(list, context)) : value;
}

const countObject = (answer: AnswerSize) => answer.addObject();
/** The whole schema is more objects than a query may ask for. */
const countDescription = (answer: AnswerSize) => answer.addText(DESCRIBED);

/** Those that are paced already: graphql-js has one of each, for all schemas. */
const described = new WeakSet<GraphQLField<unknown, Context>>();

/** Paces the lists of the schema's own description, too. */
export function paceDescription(schema: GraphQLSchema): void {
  const types = Object.values(schema.getTypeMap()).filter(isIntrospectionType).filter(isObjectType);
  for (const field of types.flatMap((type) => Object.values(type.getFields()))) {
    if (!isListOfObjects(field.type) || described.has(field)) continue;
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (source, args, context: Context | undefined, info) => {
      const list: unknown = resolve(source, args, context, info);
      // Who looks at the schema outside of a request has no context.
      return Array.isArray(list) && context ? new PacedList(list, context, countDescription) : list;
    };
    described.add(field);
  }
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
   * Once the event loop has to be given back, every further item comes as a promise, in all lists. So no item can throw
   * after an earlier one has given a promise, which graphql-js would then leave without anybody to catch its error.
   */
  *[Symbol.iterator](): Generator<unknown> {
    const { answer, merchant } = this.#context;
    const share = merchant?.owner ?? '';
    for (const item of this.#items) {
      this.#note(answer);
      if (answer.excess !== null) return;
      yield yielding.isDue ? yielding.later(share, item) : item;
    }
  }
}
