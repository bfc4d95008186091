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
} from 'graphql';
import { type Amount, amountOf, largest, product, sum } from './amounts.js';
import { amountFrom, variablesOf } from './given-values.js';
import {
  FIELDS_OF_AN_OBJECT,
  FURTHER_FIELD,
  INTROSPECTION,
  OBJECT,
  priceOfField,
  priceOfFilter,
  priceOfOpening,
  sizeOfList,
} from './prices.js';

type Field = GraphQLField<unknown, unknown>;

/** What some objects of one type cost each. */
interface Cost {
  /** In hundredths. */
  readonly amount: Amount;
  /** Fields that count with the object above: its own, and those of objects without an id. */
  readonly fields: number;
}

const DEFAULT_PAGE = 20;
/** Anything larger is refused by the field itself, and then returns nothing. */
const LARGEST_PAGE = 100;
const INTROSPECTING: ReadonlySet<string> = new Set(['__schema', '__type']);

const known = new WeakMap<OperationDefinitionNode, Amount>();

/**
 * What an operation could cost at most: the objects with an id that it could return, page sizes multiplied down, and
 * what `prices.ts` adds for counts, filters, many fields and what is opened. Fragments are spread; what `@include` and
 * `@skip` would leave out is counted. The selection is walked once: afterwards only what depends on variables is
 * worked out.
 *
 * @param document valid, and within the limits of `documentLimitsRule`.
 * @param variables of the types that the operation declares.
 * @returns a whole number.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  let amount = known.get(operation);
  if (amount === undefined) {
    amount = new CostReader(schema, document, operation).ofOperation();
    known.set(operation, amount);
  }
  const given = typeof amount === 'number' ? {} : variablesOf(schema, operation, variables);
  return Math.ceil(amountOf(amount, given) / OBJECT);
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

  ofOperation(): Amount {
    const { operation, selectionSet } = this.#operation;
    const type = this.#schema.getRootType(operation);
    if (!type) return 0;
    const nodes = [...this.#fieldsOf(type, [selectionSet]).values()].map(([node]) => node?.name.value ?? '');
    const introspections = nodes.filter((name) => INTROSPECTING.has(name)).length;
    const { amount } = this.#ofObject(type, [selectionSet]);
    return sum([amount, INTROSPECTION * Math.max(0, introspections - 1)]);
  }

  /** Of an abstract type the dearest one counts. */
  #ofType(type: unknown, selectionSets: readonly SelectionSetNode[]): Cost {
    if (isObjectType(type)) return this.#ofObject(type, selectionSets);
    if (!isAbstractType(type)) return { amount: 0, fields: 0 };
    const costs = this.#schema.getPossibleTypes(type).map((each) => this.#ofObject(each, selectionSets));
    const fields = Math.max(0, ...costs.map((cost) => cost.fields));
    return { amount: largest(costs.map(({ amount }) => amount)), fields };
  }

  #ofObject(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Cost {
    const selected = [...this.#fieldsOf(type, selectionSets).values()];
    const costs = selected.map((nodes) => this.#ofField(type, nodes));
    const names = selected.map(([node]) => node?.name.value ?? '');
    const amounts = [priceOfOpening(this.#schema, type.name, names), ...costs.map(({ amount }) => amount)];
    const fields = costs.reduce((all, cost) => all + 1 + cost.fields, 0);
    if (!isNode(type)) return { amount: sum(amounts), fields };
    const further = FURTHER_FIELD * Math.max(0, fields - FIELDS_OF_AN_OBJECT);
    return { amount: sum([OBJECT + further, ...amounts]), fields: 0 };
  }

  /** The fields of an object by their names in the answer: one that stands there twice is returned once. */
  #fieldsOf(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const selectionSet of selectionSets) this.#collect(type, selectionSet, fields, spread);
    return fields;
  }

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
    const field = node && fieldOf(parent, node);
    // `__typename`, `__schema` and `__type` return no object of a merchant.
    if (!field) return { amount: 0, fields: 0 };
    const type = getNamedType(field.type);
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (isConnection(type)) return this.#ofConnection(type, field, node, below);
    const each = this.#ofType(type, below);
    const own = priceOfField(this.#schema, parent.name, field.name);
    if (!isList(field.type)) return { amount: sum([own, each.amount]), fields: each.fields };
    return { amount: sum([own, product(this.#sizeOf(parent, field, node), each.amount)]), fields: 0 };
  }

  /** A page is read whatever is shown of it, and its rows are shown as often as they are asked for. */
  #ofConnection(type: GraphQLObjectType, field: Field, node: FieldNode, below: SelectionSetNode[]): Cost {
    const selected = [...this.#fieldsOf(type, below).values()];
    const rows = selected.map((nodes) => this.#ofRow(type, nodes));
    const once = selected.map(([first]) => priceOfField(this.#schema, type.name, first?.name.value ?? ''));
    const filter = field.args.find(({ name }) => name === 'filter');
    const filtering = filter
      ? amountFrom(field, node, ['filter'], (value) => priceOfFilter(this.#schema, filter.type, value))
      : 0;
    const size = amountFrom(field, node, ['first', 'last'], pageSize);
    return { amount: sum([...once, filtering, product(size, largest([OBJECT, sum(rows)]))]), fields: 0 };
  }

  /** What a field of a connection costs for each row: `edges` and `nodes` lead to all of them. */
  #ofRow(type: GraphQLObjectType, nodes: readonly FieldNode[]): Amount {
    const [node] = nodes;
    const field = node && fieldOf(type, node);
    if (!field || !isList(field.type)) return 0;
    const below = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    return this.#ofType(getNamedType(field.type), below).amount;
  }

  /** How many objects a list gives at most. */
  #sizeOf(parent: GraphQLObjectType, field: Field, node: FieldNode): Amount {
    if (field.args.some(({ name }) => name === 'ids')) return amountFrom(field, node, ['ids'], lengthOf);
    const size = sizeOfList(this.#schema, parent.name, field.name);
    return size ?? (isNode(getNamedType(field.type)) ? DEFAULT_PAGE : 1);
  }
}

/** The field that a node selects; undefined for what every type has, such as `__typename`. */
function fieldOf(type: GraphQLObjectType, { name }: FieldNode): Field | undefined {
  const fields = type.getFields();
  return Object.hasOwn(fields, name.value) ? fields[name.value] : undefined;
}

function lengthOf(ids: unknown): number {
  return Array.isArray(ids) ? Math.min(ids.length, LARGEST_PAGE) : 1;
}

/** A size that the field refuses takes nothing off what others cost. */
function pageSize(...sizes: readonly unknown[]): number {
  const given = sizes.filter((size) => typeof size === 'number' && !Number.isNaN(size)) as number[];
  return given.length === 0 ? DEFAULT_PAGE : Math.min(Math.max(0, ...given), LARGEST_PAGE);
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function isConnection(type: unknown): type is GraphQLObjectType {
  return isObjectType(type) && type.name.endsWith('Connection');
}

function isNode(type: unknown): boolean {
  if (isInterfaceType(type)) return type.name === 'Node';
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
}
