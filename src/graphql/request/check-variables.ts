import {
  coerceInputValue,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { badRequest } from '../../graphql-kit/errors.js';

/**
 * Refuses variables of the wrong type before execution does. The messages of graphql-js repeat the value and the
 * caller's own keys; these name the place and the type.
 *
 * @throws BAD_USER_INPUT with status 400.
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const [problem] = problemsOf(schema, operation, variables);
  if (problem !== undefined) throw badRequest(problem);
}

function problemsOf(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string[] {
  return variableDefinitions.flatMap((definition) => problemsOfVariable(schema, definition, variables));
}

function problemsOfVariable(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return [];
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value === undefined) {
    return isNonNullType(type) && !definition.defaultValue ? [`\`$${name}\` is required.`] : [];
  }
  const problems: string[] = [];
  coerceInputValue(value, type, (path, _value, error) => {
    problems.push(`\`$${place(name, path)}\` ${sentenceOf(error.message)}`);
  });
  return problems;
}

function place(name: string, path: readonly (string | number)[]): string {
  return name + path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
}

// Only names of the schema come through; whatever else graphql-js has to say may repeat the value.
const sentences: readonly (readonly [RegExp, string])[] = [
  [
    /^Field "(\w+)" of required type "([\w![\]]+)" was not provided\.$/,
    'lacks the required field `$1` of type `$2`.',
  ],
  [/^Expected non-nullable type "([\w![\]]+)" not to be null\.$/, 'must not be null.'],
  [/^Expected type "(\w+)" to be an object\.$/, 'must be an object of type `$1`.'],
  [/^Expected type "(\w+)"\. /, 'must be of type `$1`.'],
];

function sentenceOf(message: string): string {
  for (const [pattern, sentence] of sentences) {
    const match = pattern.exec(message);
    if (match) return sentence.replace(/\$([12])/g, (_, group: string) => match[Number(group)] ?? '');
  }
  if (/^Field ".*" is not defined by type/s.test(message)) return 'has a field that its type lacks.';
  return 'is not of its type.';
}
