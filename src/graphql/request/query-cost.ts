import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  type InlineFragmentNode,
  isAbstractType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
  type ValueNode,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** A cost that is known, or one that depends on variables. */
type Cost = number | ((variables: Variables) => number);

const DEFAULT_PAGE = 20;
/** Anything larger is refused by the field itself, and then returns nothing. */
const LARGEST_PAGE = 100;

/** Lists without a size, by field; any other counts as a page. */
const LIST_SIZES: Readonly<Record<string, number>> = { addresses: 5, alternatives: 10 };

const known = new WeakMap<OperationDefinitionNode, Cost>();

/**
 * The number of objects with an id that an operation could return, page sizes multiplied down. Fragments are spread;
 * what `@include` and `@skip` would leave out is counted. The selection is walked once: afterwards only what depends
 * on variables is worked out.
 *
 * @param document valid, and within the limits of `documentLimitsRule`.
 * @param variables of the types that the operation declares.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): number {
  let cost = known.get(operation);
  if (cost === undefined) {
    cost = new CostReader(schema, document, operation).ofOperation();
    known.set(operation, cost);
  }
  return amountOf(cost, variables);
}

/** Reads the cost of one operation out of its selection. */
class CostReader {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
    }
  }

  ofOperation(): Cost {
    const { operation, selectionSet } = this.#operation;
    return this.#ofSelections(this.#schema.getRootType(operation), [selectionSet]);
  }

  /** What objects of a type cost below themselves; of an abstract type the dearest one counts. */
  #ofSelections(type: unknown, selectionSets: readonly SelectionSetNode[]): Cost {
    if (isObjectType(type)) return this.#ofObject(type, selectionSets);
    if (!isAbstractType(type)) return 0;
    return largest(this.#schema.getPossibleTypes(type).map((each) => this.#ofObject(each, selectionSets)));
  }

  #ofObject(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Cost {
    const fields = new Map<string, FieldNode[]>();
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, fields, new Set());
    return sum([...fields.values()].map((nodes) => this.#ofField(type, nodes)));
  }

  /** The fields of an object by their names in the answer: one that stands there twice is returned once. */
  #collect(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const nodes = fields.get(name);
        if (nodes) nodes.push(selection);
        else fields.set(name, [selection]);
        continue;
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      if (isSpread && spread.has(selection.name.value)) continue;
      if (isSpread) spread.add(selection.name.value);
      const fragment = isSpread ? this.#fragments.get(selection.name.value) : selection;
      if (fragment && this.#applies(fragment, type)) {
        this.#collect(type, fragment.selectionSet, fields, spread);
      }
    }
  }

  #applies({ typeCondition }: FragmentDefinitionNode | InlineFragmentNode, type: GraphQLObjectType): boolean {
    if (!typeCondition) return true;
    const condition = typeFromAST(this.#schema, typeCondition);
    return condition === type || (isAbstractType(condition) && this.#schema.isSubType(condition, type));
  }

  #ofField(parent: GraphQLObjectType, nodes: readonly FieldNode[]): Cost {
    const [node] = nodes;
    const field = node && parent.getFields()[node.name.value];
    // `__typename`, `__schema` and `__type` return no object of anybody's.
    if (!field) return 0;
    const type = getNamedType(field.type);
    const below = this.#ofSelections(
      type,
      nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    );
    const each = isNode(type) ? sum([1, below]) : below;
    return product(this.#sizeOf(parent, field, node), each);
  }

  /** How many objects a field gives at most. */
  #sizeOf(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, node: FieldNode): Cost {
    if (isConnection(field.type)) return this.#pageSize(node);
    if (!isList(field.type) || isConnection(parent)) return 1;
    const ids = argumentOf(node, 'ids');
    if (ids) return this.#lengthOf(ids);
    return LIST_SIZES[field.name] ?? (isNode(getNamedType(field.type)) ? DEFAULT_PAGE : 1);
  }

  #pageSize(node: FieldNode): Cost {
    const sizes = ['first', 'last'].flatMap((name) => argumentOf(node, name) ?? []);
    return this.#given(sizes, (values) => {
      const numbers = values.filter((value) => typeof value === 'number');
      return numbers.length === 0 ? DEFAULT_PAGE : Math.min(Math.max(0, ...numbers), LARGEST_PAGE);
    });
  }

  #lengthOf(ids: ValueNode): Cost {
    if (ids.kind === Kind.LIST) return Math.min(ids.values.length, LARGEST_PAGE);
    return this.#given([ids], ([list]) => (Array.isArray(list) ? Math.min(list.length, LARGEST_PAGE) : 1));
  }

  /** What follows from values in the document or in variables. */
  #given(nodes: readonly ValueNode[], toCost: (values: unknown[]) => number): Cost {
    const values = nodes.map((node) => this.#valueOf(node));
    const variable = (value: unknown) => typeof value === 'function';
    if (!values.some(variable)) return toCost(values);
    return (variables) =>
      toCost(values.map((value) => (typeof value === 'function' ? value(variables) : value)));
  }

  #valueOf(node: ValueNode): unknown {
    if (node.kind === Kind.INT) return Number(node.value);
    if (node.kind !== Kind.VARIABLE) return null;
    const name = node.name.value;
    const definition = this.#operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    );
    const fallback = literalOf(definition?.defaultValue);
    return (variables: Variables) => (variables[name] === undefined ? fallback : variables[name]);
  }
}

function literalOf(node: ValueNode | undefined): unknown {
  if (node?.kind === Kind.INT) return Number(node.value);
  return node?.kind === Kind.LIST ? node.values : null;
}

function argumentOf({ arguments: given = [] }: FieldNode, name: string): ValueNode | undefined {
  return given.find((argument) => argument.name.value === name)?.value;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function isConnection(type: GraphQLOutputType): boolean {
  const named = getNamedType(type);
  return isObjectType(named) && named.name.endsWith('Connection');
}

function isNode(type: unknown): boolean {
  if (isInterfaceType(type)) return type.name === 'Node';
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
}

function amountOf(cost: Cost, variables: Variables): number {
  return typeof cost === 'number' ? cost : cost(variables);
}

function sum(costs: readonly Cost[]): Cost {
  const fixed = costs.reduce<number>((total, cost) => (typeof cost === 'number' ? total + cost : total), 0);
  const open = costs.filter((cost) => typeof cost === 'function');
  if (open.length === 0) return fixed;
  return (variables) => open.reduce((total, cost) => total + cost(variables), fixed);
}

function product(size: Cost, each: Cost): Cost {
  if (each === 0) return 0;
  if (typeof size === 'number' && typeof each === 'number') return size * each;
  return (variables) => amountOf(size, variables) * amountOf(each, variables);
}

function largest(costs: readonly Cost[]): Cost {
  const numbers = costs.filter((cost) => typeof cost === 'number');
  if (numbers.length === costs.length) return Math.max(0, ...numbers);
  return (variables) => Math.max(...costs.map((cost) => amountOf(cost, variables)));
}
