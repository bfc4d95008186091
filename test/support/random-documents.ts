import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { features } from '../../src/features.js';
import { createSchema } from '../../src/graphql/schema.js';
import { type Json, literal } from './argument-forms.js';
import { aValue, type KnownIds } from './random-values.js';

export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** Where the document has two. */
  readonly operationName?: string;
}

const schema = createSchema('schema', features);
const DEEPEST = 5;

/** What the server writes beside the requests, so that it differs between two uses of a document. */
const CHANGING: ReadonlySet<string> = new Set(['lastUsedAt']);

/** Names for variables that every object has by nature, or that look like parts of a request. */
const HAZARDOUS = ['toString', 'constructor', '__proto__', 'valueOf', 'hasOwnProperty', 'query', 'variables'];

/** How an argument gets its value. */
type Way = 'variable' | 'literal' | 'left out' | 'null' | 'default';

const aWay = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Way>('variable') },
  { weight: 6, arbitrary: fc.constant<Way>('literal') },
  { weight: 3, arbitrary: fc.constantFrom<Way>('left out', 'null', 'default') },
);

/** Fields that are selected on a type, and how they are written. */
interface Selection {
  readonly on: string;
  readonly style: 'plain' | 'spread twice' | 'inline';
  readonly fields: readonly { readonly name: string; readonly below: Selection | null }[];
}

interface RandomArgument {
  readonly argument: GraphQLArgument;
  readonly value: unknown;
  readonly way: Way;
}

interface RandomField {
  readonly name: string;
  readonly below: Selection | null;
  readonly args: readonly RandomArgument[];
}

/** A random operation of the contract: a few root fields, their arguments and selections written in one way or another. */
export function anOperation(known: KnownIds): Arbitrary<RandomOperation> {
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);
  return fc.constantFrom(...roots).chain((root) =>
    fc
      .record({
        fields: fc
          .array(fc.constantFrom(...Object.values(root.getFields())), { minLength: 1, maxLength: 3 })
          .chain((fields) => fc.tuple(...fields.map((field) => aField(field, known)))),
        isHazardous: fc.boolean(),
        isIncluded: fc.boolean(),
        hasAnother: fc.boolean(),
      })
      .map(({ fields, ...written }) =>
        new Writer(written).operation(root === schema.getQueryType() ? 'query' : 'mutation', fields),
      ),
  );
}

function aField(field: GraphQLField<unknown, unknown>, known: KnownIds): Arbitrary<RandomField> {
  const args = field.args.map((argument) =>
    fc.record({
      argument: fc.constant(argument),
      value: aValue(argument.name, argument.type, known, 0),
      way: aWay,
    }),
  );
  return fc.record({
    name: fc.constant(field.name),
    below: aSelection(field.type, 0),
    args: fc.tuple(...args),
  });
}

const anAlias = fc.oneof(
  { weight: 200, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...['again: ', 'id2: ', 'a_b: ', 'nodes_id: ', '__proto__: ', 'constructor: ', 'hasOwnProperty: '],
    ),
  },
);

const aStyle = fc.constantFrom<Selection['style']>('plain', 'plain', 'plain', 'spread twice', 'inline');

/** The selection of a field's type; null for a leaf. */
function aSelection(output: GraphQLOutputType, depth: number): Arbitrary<Selection | null> {
  const type = getNamedType(output);
  if (isLeafType(type)) return fc.constant(null);
  if (isAbstractType(type)) {
    return fc
      .constantFrom(...schema.getPossibleTypes(type))
      .chain((each) => aSelection(each, depth))
      .map((below) => below && { ...below, style: below.style === 'plain' ? 'inline' : below.style });
  }
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const here = fields.filter(
    ({ name, type: below }) => !CHANGING.has(name) && (depth < DEEPEST || isLeafType(getNamedType(below))),
  );
  const some = fc
    .subarray(here, { maxLength: Math.min(6, here.length) })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map(({ name, type: below }) =>
          fc
            .tuple(anAlias, aSelection(below, depth + 1))
            .map(([alias, selection]) => ({ name: alias + name, below: selection })),
        ),
      ),
    );
  return fc.record({ on: fc.constant(type.name), style: aStyle, fields: some });
}

/** What tells whether a mutation has been carried out. */
function acknowledging(type: string): string {
  if (type === 'CreateCustomerPayload') return 'customer { id }';
  if (type === 'UpsertCustomerPayload') return 'created';
  return type === 'DeleteCustomerPayload' ? 'deletedCustomerId' : '';
}

/** Writes an operation down, with its variables and fragments. */
class Writer {
  readonly #definitions = new Set<string>();
  readonly #fragments: string[] = [];
  readonly #variables: [string, unknown][] = [];
  readonly #isHazardous: boolean;
  readonly #isIncluded: boolean;
  readonly #hasAnother: boolean;

  constructor({
    isHazardous,
    isIncluded,
    hasAnother,
  }: Readonly<Record<'isHazardous' | 'isIncluded' | 'hasAnother', boolean>>) {
    this.#isHazardous = isHazardous;
    this.#isIncluded = isIncluded;
    this.#hasAnother = hasAnother;
  }

  operation(word: 'query' | 'mutation', fields: readonly RandomField[]): RandomOperation {
    const body = fields.map((field, at) => {
      const args = field.args.flatMap((argument) => this.#argument(argument, at) ?? []);
      // Every name but the first looks like a path through the field before it.
      const alias = at === 0 ? `${field.name}0` : `${field.name}${at}_${fields[at - 1]?.name}`;
      const call = args.length > 0 ? `(${args.join(', ')})` : '';
      return `${alias}: ${field.name}${call}${this.#selection(field.below)}`;
    });
    const declared = this.#definitions.size > 0 ? `(${[...this.#definitions].join(', ')})` : '';
    const another = this.#hasAnother ? [`${word} Another { __typename }`] : [];
    const name = this.#hasAnother ? 'Meant' : '';
    const meant = `${word} ${name}${declared} { ${body.join(' ')} }`;
    return {
      query: [...another, meant, ...this.#fragments].join(' '),
      variables: Object.fromEntries(this.#variables),
      ...(this.#hasAnother && { operationName: name }),
    };
  }

  /** Null: the argument itself is left out. */
  #argument({ argument, value, way }: RandomArgument, at: number): string | null {
    const { name, type, defaultValue } = argument;
    const mayBeNull = getNullableType(type) === type;
    if (way === 'literal') return `${name}: ${literal(type, value as Json)}`;
    const hazard = this.#isHazardous ? HAZARDOUS[this.#definitions.size] : undefined;
    const variable = hazard ?? `${name}${at}`;
    const declaredType = way === 'default' || defaultValue !== undefined ? getNullableType(type) : type;
    const fallback = way === 'default' ? ` = ${literal(type, value as Json)}` : '';
    this.#definitions.add(`$${variable}: ${declaredType}${fallback}`);
    if (way === 'variable') this.#variables.push([variable, value]);
    if (way === 'null' && mayBeNull) this.#variables.push([variable, null]);
    return `${name}: $${variable}`;
  }

  #selection(selection: Selection | null): string {
    if (selection === null) return '';
    const { on, style } = selection;
    const fields = selection.fields.map(({ name, below }) => name + this.#selection(below)).join(' ');
    const inside = `__typename ${acknowledging(on)} ${fields}`;
    if (style === 'plain') return ` { ${inside} }`;
    if (style === 'inline') return ` { __typename ... on ${on} { ${inside} } }`;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${on} { ${inside} }`);
    if (!this.#definitions.has('$isIncluded: Boolean!'))
      this.#variables.push(['isIncluded', this.#isIncluded]);
    this.#definitions.add('$isIncluded: Boolean!');
    return ` { __typename ...${name} @include(if: $isIncluded) ... @skip(if: $isIncluded) { ...${name} } ...${name} }`;
  }
}
