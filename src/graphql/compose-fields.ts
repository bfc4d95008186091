import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { Action } from '../access/actions.js';
import { assertMayDo, Forbidden } from '../access/authorise.js';
import type { FieldAccess } from '../access/field-access.js';
import type { CustomerQueue } from '../customer-queue/customer-queue.js';
import type { AnswerSize } from '../graphql-kit/answer-size.js';
import type { Context } from '../graphql-kit/context.js';
import { assertMayShow } from '../graphql-kit/shown-fields.js';
import type { FoldedFeatures } from './folded-features.js';
import { checkOfLookUps } from './look-up-texts.js';
import { mutationResolver } from './mutations.js';
import { isListOfObjects, paceDescription, pacedList } from './paced-list.js';

type Args = Readonly<Record<string, unknown>>;
type Resolver = (source: unknown, args: Args, context: Context, info: GraphQLResolveInfo) => unknown;
type Check = (args: Args, context: Context, info: GraphQLResolveInfo) => void;
type Field = GraphQLField<unknown, Context>;
type FieldResolver = GraphQLFieldResolver<unknown, Context>;

/**
 * Gives each field of the schema its one resolver, which has just what the field needs: who may ask (`features` say it,
 * and a root field that none names is refused), what its arguments may be, the feature's own resolver, for a mutation
 * the queue and the idempotency key, and how large the answer may become.
 */
export function composeFields(schema: GraphQLSchema, features: FoldedFeatures, queue: CustomerQueue): void {
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const isMutation = type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      const own = field.resolve as Resolver | undefined;
      const resolve = own && isMutation ? mutationResolver(field.name, own, features, queue) : own;
      const isRoot = roots.includes(type);
      const checks = [
        accessCheck(type, field, features.access, isRoot),
        filterCheck(field, features.access),
        isMutation ? null : lookUpCheck(field),
      ].filter((check) => check !== null);
      field.resolve = composed(field, checks, resolve) as FieldResolver;
    }
  }
  paceDescription(schema);
}

function accessCheck(
  { name: type }: GraphQLObjectType,
  { name }: Field,
  { fields, answers }: Required<FieldAccess>,
  isRoot: boolean,
): Check | null {
  const action = fields[type]?.[name];
  const shown = answers[type]?.[name];
  // Before a root field, whatever was found out about the document.
  if (isRoot) return action ? (_, context) => assertMayDo(context, action) : refuse;
  if (action) {
    return (_, context) => {
      if (!context.isAuthorised) assertMayDo(context, action);
    };
  }
  if (!shown) return null;
  return (_, context, info) => {
    if (!context.isAuthorised) assertMayShow(context, info, [], shown);
  };
}

function refuse(): never {
  throw new Forbidden();
}

/** Asks for the actions of the conditions that a filter has. */
function filterCheck({ args }: Field, { filters }: Required<FieldAccess>): Check | null {
  const conditions = args.flatMap((argument) =>
    Object.entries(filters[getNamedType(argument.type).name] ?? {}).map(
      ([name, action]): [string, string, Action] => [argument.name, name, action],
    ),
  );
  if (conditions.length === 0) return null;
  return (args, context) => {
    for (const [argument, name, action] of conditions) {
      const value = (args[argument] as Args | null | undefined)?.[name];
      if (value !== undefined && value !== null) assertMayDo(context, action);
    }
  };
}

function lookUpCheck(field: Field): Check | null {
  const check = checkOfLookUps(field.args);
  return check && ((args) => check(args, ''));
}

function composed(field: Field, checks: readonly Check[], own: Resolver | undefined): Resolver {
  const type = getNamedType(field.type);
  if (!own && checks.length === 0 && isLeafType(type) && type.name !== 'Metadata')
    return property(field.name);
  const resolve = own ?? (defaultFieldResolver as Resolver);
  const finish = finishOf(field);
  const [check = null, ...more] = checks;
  return (source, args, context, info) => {
    try {
      check?.(args, context, info);
      for (const next of more) next(args, context, info);
      return finish(resolve(source, args, context, info), context);
    } catch (error) {
      context.answer.addError();
      throw error;
    }
  };
}

/** A property that is shown as it is. Most fields are this, so it does no more than it must. */
function property(name: string): Resolver {
  return (source, _args, { answer }) => {
    try {
      return noted((source as Args)[name], answer);
    } catch (error) {
      // It may be a value that cannot be opened.
      answer.addError();
      throw error;
    }
  };
}

/** What is done with the value of a field before graphql-js gets it. What comes later stands in no list. */
function finishOf({ type }: Field): (value: unknown, context: Context) => unknown {
  if (isListOfObjects(type)) return pacedList;
  const count = getNamedType(type).name === 'Metadata' ? notedMetadata : noted;
  return (value, { answer }) => count(value, answer);
}

/** Counts what a value puts into the answer: its text, or an error, of which a long list may hold several each. */
function noted(value: unknown, answer: AnswerSize): unknown {
  if (typeof value === 'string') answer.addText(value.length);
  else if (value instanceof Error) answer.addError();
  return value;
}

// The same metadata is shown again for each name and on each way that leads to it.
const lengths = new WeakMap<object, number>();

function notedMetadata(value: unknown, answer: AnswerSize): unknown {
  if (typeof value === 'object' && value !== null && !(value instanceof Error)) {
    const length = lengths.get(value) ?? lengthOf(value);
    lengths.set(value, length);
    answer.addText(length);
  }
  return noted(value, answer);
}

function lengthOf(metadata: object): number {
  return Object.entries(metadata).reduce((all, [key, value]) => all + key.length + String(value).length, 0);
}
