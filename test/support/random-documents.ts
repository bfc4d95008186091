import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.js';

/** What there is to be found. */
export interface KnownIds {
  readonly ids: readonly string[];
  readonly tokens: readonly string[];
}

export interface RandomOperation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

const schema = createSchema('schema', true);
const DEEPEST = 5;

/** Texts and numbers that break what is not made for them. */
const NASTY: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff',
    '\u202eabc',
    '\u200b',
    '\ufeff',
    '\u{1f600}',
    'é',
    'e\u0301',
  ],
  ...[
    '%',
    '_',
    '\\',
    "'",
    '"',
    "'; drop table customers; --",
    '$1',
    '{}',
    '[]',
    '<script>',
    '../../etc/passwd',
  ],
  ...[
    'null',
    'undefined',
    'NaN',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '0',
    '-1',
    '1e400',
  ],
  ...[
    '4242424242424242',
    '４２４２４２４２４２４２４２４２',
    'ada@example.com',
    '@',
    'a@b',
    'a@b..c',
    '+1 555',
    '12345',
  ],
  ...[
    '2023-07-13T05:28:11.139Z',
    '2023-02-30T00:00:00Z',
    '+275760-09-13T00:00:00Z',
    '2023-07',
    '2023-13',
    'USA',
    'us',
    'ß',
  ],
  ...[
    'x'.repeat(40),
    'x'.repeat(255),
    'x'.repeat(10_000),
    '\u0301'.repeat(5_000),
    '4'.repeat(5_000),
    '👩‍👩‍👧'.repeat(100),
  ],
  ...[0, -0, 1, -1, 20, 100, 101, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53, 1.5, 1e308, -1e-308],
  ...[true, false, null, [], {}, [[]], [null], { a: 1 }, { __proto__: null, constructor: 1 }],
];

/** A random operation of the contract: a few root fields with selections, and a variable for each argument. */
export function anOperation(known: KnownIds): Arbitrary<RandomOperation> {
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);
  return fc.constantFrom(...roots).chain((root) =>
    fc
      .array(fc.constantFrom(...Object.values(root.getFields())), { minLength: 1, maxLength: 3 })
      .chain((fields) => fc.tuple(...fields.map((field) => aField(field, known))))
      .map((fields) => {
        const named = fields.map(({ name, type, args, values }, at) => {
          const call = args.map((arg) => `${arg.name}: $${arg.name}${at}`).join(', ');
          return {
            definitions: args.map((arg) => `$${arg.name}${at}: ${arg.type}`),
            text: `${name}${at}: ${name}${call && `(${call})`}${type}`,
            variables: Object.entries(values).map(([arg, value]) => [`${arg}${at}`, value] as const),
          };
        });
        const definitions = named.flatMap((field) => field.definitions).join(', ');
        const word = root === schema.getQueryType() ? 'query' : 'mutation';
        const body = named.map(({ text }) => text).join(' ');
        return {
          query: `${word} ${definitions && `(${definitions})`} { ${body} }`,
          variables: Object.fromEntries(named.flatMap(({ variables }) => variables)),
        };
      }),
  );
}

interface RandomField {
  readonly name: string;
  readonly type: string;
  readonly args: readonly { readonly name: string; readonly type: GraphQLInputType }[];
  readonly values: Record<string, unknown>;
}

function aField(field: GraphQLField<unknown, unknown>, known: KnownIds): Arbitrary<RandomField> {
  const args = field.args.map(({ name, type }) => ({ name, type }));
  const values = fc.record(
    Object.fromEntries(args.map(({ name, type }) => [name, aValue(name, type, known, 0)])),
  );
  return fc
    .tuple(aSelection(field.type, 0), values)
    .map(([type, given]) => ({ name: field.name, type, args, values: given }));
}

const anAlias = fc.oneof(
  { weight: 200, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('again: ', 'id2: ', '__proto__: ', 'constructor: ', 'hasOwnProperty: '),
  },
);

/** The selection of a field's type, as text; nothing for a leaf. */
function aSelection(output: GraphQLOutputType, depth: number): Arbitrary<string> {
  const type = getNamedType(output);
  if (isLeafType(type)) return fc.constant('');
  if (isAbstractType(type)) {
    return fc
      .constantFrom(...schema.getPossibleTypes(type))
      .chain((each) =>
        aSelection(each, depth).map((below) => ` { __typename id ... on ${each.name}${below} }`),
      );
  }
  const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
  const here = fields.filter(({ type: below }) => depth < DEEPEST || isLeafType(getNamedType(below)));
  return fc
    .subarray(here, { maxLength: Math.min(6, here.length) })
    .chain((some) =>
      fc.tuple(
        ...some.map((each) =>
          fc
            .tuple(anAlias, aSelection(each.type, depth + 1))
            .map(([alias, below]) => alias + each.name + below),
        ),
      ),
    )
    .map((names) => ` { ${['__typename', ...acknowledging(type.name), ...names].join(' ')} }`);
}

/** What tells whether a mutation has been carried out. */
function acknowledging(type: string): string[] {
  if (type === 'CreateCustomerPayload') return ['customer { id }'];
  if (type === 'UpsertCustomerPayload') return ['created'];
  return type === 'DeleteCustomerPayload' ? ['deletedCustomerId'] : [];
}

/** A value for an argument: good, nasty or of another type altogether. */
function aValue(name: string, type: GraphQLInputType, known: KnownIds, depth: number): Arbitrary<unknown> {
  if (isNonNullType(type)) return aValue(name, type.ofType, known, depth);
  const good = aGoodValue(name, type, known, depth);
  const nasty = fc.constantFrom(...NASTY);
  return fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: nasty });
}

function aGoodValue(
  name: string,
  type: GraphQLInputType,
  known: KnownIds,
  depth: number,
): Arbitrary<unknown> {
  if (isNonNullType(type)) return aGoodValue(name, type.ofType, known, depth);
  if (isListType(type)) return fc.array(aValue(name, type.ofType, known, depth + 1), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map((value) => value.name));
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields());
    const required = fields.filter((field) => isNonNullType(field.type)).map((field) => field.name);
    const values: Record<string, Arbitrary<unknown>> = Object.fromEntries(
      fields.map((field) => [field.name, aValue(field.name, field.type, known, depth + 1)]),
    );
    return fc.record(values, { requiredKeys: required });
  }
  return aLeaf(name, type.name, known);
}

function aLeaf(name: string, type: string, known: KnownIds): Arbitrary<unknown> {
  const nastyText = fc.constantFrom(...NASTY.filter((value) => typeof value === 'string'));
  const text = fc.oneof(nastyText, fc.string({ unit: 'binary', maxLength: 30 }), fc.constant('known'));
  if (type === 'Boolean') return fc.boolean();
  if (type === 'Int') return fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 101 }));
  if (type === 'DateTime')
    return fc.constantFrom('2023-07-13T05:28:11.139Z', '9999-12-31T23:59:59.999Z', '0000-01-01T00:00:00Z');
  if (type === 'Metadata') return fc.oneof(fc.dictionary(text, text, { maxKeys: 4 }), fc.jsonValue());
  if (type === 'ID') {
    const found = fc.constantFrom(...(name === 'token' ? known.tokens : known.ids));
    return fc.oneof({ weight: 4, arbitrary: found }, { weight: 1, arbitrary: text });
  }
  return text;
}
