import {
  coerceInputValue,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { badRequest } from '../../graphql-kit/errors.js';
import { containsCardNumber } from '../../shared/card-number.js';
import type { DocumentFacts } from '../document-facts.js';
import { namesIn } from '../errors.js';

/**
 * Refuses variables of the wrong type before execution does. The messages of graphql-js repeat values; these name the
 * place, the type that is expected there, and a field of the caller's that the type lacks.
 *
 * @throws BAD_USER_INPUT with status 400.
 */
export function checkVariables(
  checked: CheckedOperation,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  for (const definition of variableDefinitions) {
    const problem = problemOf(checked, definition, variables);
    if (problem !== null) throw badRequest(problem);
  }
}

/** What is needed to check the variables of an operation. */
interface CheckedOperation extends Pick<DocumentFacts, 'notNull'> {
  readonly schema: GraphQLSchema;
  /** The schema, where its own names may be told, too: the values of an enum, the fields of an input. */
  readonly shown: GraphQLSchema | null;
}

function problemOf(
  { schema, shown, notNull }: CheckedOperation,
  definition: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string | null {
  const name = definition.variable.name.value;
  const declared = typeFromAST(schema, definition.type);
  if (!isInputType(declared)) return null;
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  const value = given === undefined && definition.defaultValue?.kind === Kind.NULL ? null : given;
  const type = (value === null && notNull.get(name)) || declared;
  if (value === undefined) {
    const isMissing = isNonNullType(type) && !definition.defaultValue;
    return isMissing ? `\`$${name}\` of type \`${type}\` is required.` : null;
  }
  let problem: string | null = null;
  coerceInputValue(value, type, (path, wrong) => {
    problem ??= sentenceOf(`$${name}${placeOf(path)}`, typeAt(type, path), wrong, shown);
  });
  return problem;
}

function placeOf(path: readonly (string | number)[]): string {
  return path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

/** The type that is expected at a place. What is no list counts as a list of one. */
function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  return path.reduce<GraphQLInputType>((at, key) => {
    const nullable = getNullableType(at);
    if (typeof key === 'number' && isListType(nullable)) return nullable.ofType;
    const input = getNamedType(nullable) as GraphQLInputObjectType;
    return input.getFields()[key]?.type ?? at;
  }, type);
}

/** Longer ones, and those with other characters, are no names but data. */
const NAME = /^\w{1,100}$/;

function sentenceOf(
  place: string,
  type: GraphQLInputType,
  value: unknown,
  shown: GraphQLSchema | null,
): string {
  const named = getNamedType(type);
  if (value === null) return `\`${place}\` must be of type \`${type}\`, not null.`;
  if (!isInputObjectType(named) || typeof value !== 'object' || Array.isArray(value))
    return `\`${place}\` must be of type \`${type}\`${isEnumType(named) ? namesIn(named.name, shown) : ''}.`;
  const fields = named.getFields();
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(fields, key));
  if (unknown !== undefined) {
    const isName = NAME.test(unknown) && !containsCardNumber(unknown);
    const field = isName ? `the field \`${unknown}\`` : 'a field';
    return `\`${place}\` has ${field}, which is not one of \`${named}\`${namesIn(named.name, shown)}.`;
  }
  const missing = Object.values(fields).find(
    (field) => isRequiredInputField(field) && Reflect.get(value, field.name) === undefined,
  );
  const field = shown && missing ? `the required field \`${missing.name}\`` : 'a required field';
  return `\`${place}\` lacks ${field} of type \`${missing?.type}\`.`;
}
