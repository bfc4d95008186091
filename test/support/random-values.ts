import fc, { type Arbitrary } from 'fast-check';
import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';

/** What there is to be found. */
export interface KnownIds {
  readonly ids: readonly string[];
  readonly tokens: readonly string[];
}

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

/** A value for an argument: good, nasty or of another type altogether. */
export function aValue(
  name: string,
  type: GraphQLInputType,
  known: KnownIds,
  depth: number,
): Arbitrary<unknown> {
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
