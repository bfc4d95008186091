import {
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
  valueFromAST,
} from 'graphql';
import type { Amount, Variables } from './amounts.js';

type Field = GraphQLField<unknown, unknown>;

/**
 * The variables of a request as execution will see them, defaults filled in.
 *
 * @param given of the types that the operation declares; nothing is found where they are not.
 */
export function variablesOf(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Variables {
  const { coerced } = getVariableValues(schema, variableDefinitions, given);
  return Object.assign(Object.create(null), coerced);
}

/** An amount that follows from some arguments of a field, worked out at once unless variables stand in them. */
export function amountFrom(
  field: Field,
  node: FieldNode,
  names: readonly string[],
  toAmount: (...values: unknown[]) => number,
): Amount {
  const nodes = names.map((name) => node.arguments?.find((argument) => argument.name.value === name)?.value);
  const work = (variables: Variables) =>
    toAmount(...names.map((name, at) => argumentOf(field, name, nodes[at], variables)));
  return nodes.some(hasVariables) ? work : work(Object.create(null));
}

/** The value of an argument as its resolver will get it; undefined where there is none, or where it is not valid. */
function argumentOf(field: Field, name: string, node: ValueNode | undefined, variables: Variables): unknown {
  const argument = field.args.find((each) => each.name === name);
  if (!argument) return undefined;
  const isLeftOut = node?.kind === Kind.VARIABLE && variables[node.name.value] === undefined;
  return node && !isLeftOut ? valueFromAST(node, argument.type, variables) : argument.defaultValue;
}

function hasVariables(node: ValueNode | undefined): boolean {
  if (node?.kind === Kind.LIST) return node.values.some(hasVariables);
  if (node?.kind === Kind.OBJECT) return node.fields.some(({ value }) => hasVariables(value));
  return node?.kind === Kind.VARIABLE;
}
