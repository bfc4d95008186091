import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import type { Action } from '../access/actions.js';
import { assertMayDo, Forbidden, mayDo } from '../access/authorise.js';
import { fieldAccess, filterAccess, handles } from '../access/field-access.js';
import type { Context } from '../graphql-kit/context.js';
import { selectedField } from '../graphql-kit/selection.js';
import { fieldsAt, fieldsBelow } from '../read-plan/selected-field.js';

type Resolver = (source: unknown, args: Arguments, context: Context, info: GraphQLResolveInfo) => unknown;
type Arguments = Readonly<Record<string, Readonly<Record<string, unknown>> | null | undefined>>;

/**
 * Puts a check before the resolver of every field that takes an action, and closes the root fields that take none:
 * the table in `access/field-access.ts` is the only way in. A check is one look into the caller's set of actions.
 */
export function guardFields(schema: GraphQLSchema): void {
  const roots = new Set([schema.getQueryType()?.name, schema.getMutationType()?.name]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const action = fieldAccess[type.name]?.[field.name];
      if (action) field.resolve = guarded(type.name, field, action) as GraphQLFieldResolver<unknown, Context>;
      else if (roots.has(type.name)) field.resolve = refuse;
    }
  }
}

function refuse(): never {
  throw new Forbidden();
}

function guarded(typeName: string, field: GraphQLField<unknown, Context>, action: Action): Resolver {
  const resolve = (field.resolve ?? defaultFieldResolver) as Resolver;
  if (isOfChange(typeName, action)) return guardedChange(resolve, action);
  const filters = filtersOf(field);
  if (filters.length === 0) {
    return (source, args, context, info) => {
      assertMayDo(context, action);
      return resolve(source, args, context, info);
    };
  }
  return (source, args, context, info) => {
    assertMayDo(context, action);
    for (const [argument, name, needed] of filters) {
      const value = args[argument]?.[name];
      if (value !== undefined && value !== null) assertMayDo(context, needed);
    }
    return resolve(source, args, context, info);
  };
}

/** An object that the caller has just changed or named, in the answer to that. */
function isOfChange(typeName: string, action: Action): boolean {
  const isAnswer = typeName.endsWith('Payload') || typeName === 'CustomerSession';
  return isAnswer && (action === 'customers.read' || action === 'payment-methods.read');
}

function guardedChange(resolve: Resolver, action: Action): Resolver {
  return (source, args, context, info) => {
    assertMayShow(context, info, [], action);
    return resolve(source, args, context, info);
  };
}

/**
 * Makes sure that the caller may read what the answer shows of an object that the call has changed or named: anything
 * with the action to read it, otherwise its handles.
 *
 * @param path from the resolver's own field to the object.
 * @throws Unauthenticated, Forbidden
 */
export function assertMayShow(
  context: Context,
  info: GraphQLResolveInfo,
  path: readonly string[],
  action: Action,
): void {
  if (mayDo(context, action)) return;
  const shown = fieldsAt(selectedField(info), path).flatMap(fieldsBelow);
  if (!shown.every(({ name }) => handles.has(name))) throw new Forbidden();
}

/** The fields of a field's filters that take an action of their own: argument, field, action. */
function filtersOf({ args }: GraphQLField<unknown, Context>): [string, string, Action][] {
  return args.flatMap((argument) =>
    Object.entries(filterAccess[getNamedType(argument.type).name] ?? {}).map(
      ([name, action]): [string, string, Action] => [argument.name, name, action],
    ),
  );
}
