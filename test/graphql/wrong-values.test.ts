import {
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isRequiredArgument,
} from 'graphql';
import { features } from '../../src/features.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { Answer } from '../support/client.js';
import { startVault, type TestVault } from '../support/vault.js';

const schema = createSchema('schema', features);
const fieldsOf = (type: string) => Object.keys((schema.getType(type) as GraphQLInputObjectType).getFields());
const inTicks = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
const create =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { customer { id } } }';
const ordered = 'query ($o: CustomerOrder) { customers(orderBy: $o) { totalCount } }';
const FIELDS = inTicks(fieldsOf('CreateCustomerInput'));

let vault: TestVault;
let production: TestVault;

beforeAll(async () => {
  vault = await startVault();
  production = await startVault({ settings: { production: true } });
});

afterAll(async () => {
  await vault.close();
  await production.close();
});

const messagesOf = ({ status, body }: Answer<unknown>) => {
  expect([status, body.data]).toEqual([400, undefined]);
  return body.errors?.map(({ message }) => message);
};

/** Asks both servers; null: in production it is the same. */
async function expectMessages(document: string, variables: object, shown: string, hidden: string | null) {
  const answers = [
    await vault.owner.executeAlike(document, variables),
    await production.owner.executeAlike(document, variables),
  ];

  expect(answers.map(messagesOf)).toEqual([[shown], [hidden ?? shown]]);
}

test.each<[string, string, object, string, string | null]>([
  [
    'the `__typename` that a cache has added',
    create,
    { input: { __typename: 'Customer', name: 'Ada' } },
    `\`$input\` has the field \`__typename\`, which is not one of \`CreateCustomerInput\`: ${FIELDS}.`,
    '`$input` has the field `__typename`, which is not one of `CreateCustomerInput`.',
  ],
  [
    'a misspelt field in place of a required one',
    create,
    { input: { nmae: 'Ada' } },
    `\`$input\` has the field \`nmae\`, which is not one of \`CreateCustomerInput\`: ${FIELDS}.`,
    '`$input` has the field `nmae`, which is not one of `CreateCustomerInput`.',
  ],
  [
    'a field that every object has',
    create,
    JSON.parse('{ "input": { "name": "Ada", "__proto__": { "a": 1 } } }'),
    `\`$input\` has the field \`__proto__\`, which is not one of \`CreateCustomerInput\`: ${FIELDS}.`,
    '`$input` has the field `__proto__`, which is not one of `CreateCustomerInput`.',
  ],
  [
    'a field too much of the one in place of a list',
    create,
    { input: { name: 'Ada', addresses: { label: 'Home', town: 'X' } } },
    `\`$input.addresses\` has the field \`town\`, which is not one of \`AddressInput\`: ${inTicks(fieldsOf('AddressInput'))}.`,
    '`$input.addresses` has the field `town`, which is not one of `AddressInput`.',
  ],
  [
    'a field too much in a list',
    create,
    { input: { name: 'Ada', addresses: [{ label: 'Home' }, { label: 'Work', town: 'X' }] } },
    `\`$input.addresses[1]\` has the field \`town\`, which is not one of \`AddressInput\`: ${inTicks(fieldsOf('AddressInput'))}.`,
    '`$input.addresses[1]` has the field `town`, which is not one of `AddressInput`.',
  ],
  [
    'a field whose name is a card number',
    create,
    { input: { name: 'Ada', '4242424242424242': 1 } },
    `\`$input\` has a field, which is not one of \`CreateCustomerInput\`: ${FIELDS}.`,
    '`$input` has a field, which is not one of `CreateCustomerInput`.',
  ],
  [
    'a required field missing',
    create,
    { input: { email: 'ada@example.com' } },
    '`$input` lacks the required field `name` of type `String!`.',
    '`$input` lacks a required field of type `String!`.',
  ],
  [
    'a required field missing in a list',
    create,
    { input: { name: 'Ada', addresses: [{ city: 'X' }] } },
    '`$input.addresses[0]` lacks the required field `label` of type `String!`.',
    '`$input.addresses[0]` lacks a required field of type `String!`.',
  ],
  ['null', create, { input: null }, '`$input` must be of type `CreateCustomerInput!`, not null.', null],
  [
    'null in it',
    create,
    { input: { name: null } },
    '`$input.name` must be of type `String!`, not null.',
    null,
  ],
  ['nothing', create, {}, '`$input` of type `CreateCustomerInput!` is required.', null],
  ['a text', create, { input: 'Ada' }, '`$input` must be of type `CreateCustomerInput!`.', null],
  ['a list', create, { input: [{ name: 'Ada' }] }, '`$input` must be of type `CreateCustomerInput!`.', null],
  ['a number for a text', create, { input: { name: 7 } }, '`$input.name` must be of type `String!`.', null],
  [
    'a text for a number',
    'query ($first: Int) { customers(first: $first) { totalCount } }',
    { first: '20' },
    '`$first` must be of type `Int`.',
    null,
  ],
  [
    'a malformed instant',
    'query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }',
    { f: { createdAt: { from: 'yesterday' } } },
    '`$f.createdAt.from` must be of type `DateTime`.',
    null,
  ],
  [
    'an enum value that there is not',
    ordered,
    { o: { field: 'NAME', direction: 'ASC' } },
    '`$o.field` must be of type `CustomerOrderField!`: `CREATED_AT`, `UPDATED_AT`.',
    '`$o.field` must be of type `CustomerOrderField!`.',
  ],
  [
    'an object for an enum value',
    ordered,
    { o: { field: 'CREATED_AT', direction: { a: 1 } } },
    '`$o.direction` must be of type `OrderDirection!`: `ASC`, `DESC`.',
    '`$o.direction` must be of type `OrderDirection!`.',
  ],
])('says of a variable with %s what is expected', async (_, document, variables, shown, hidden) => {
  await expectMessages(document, variables, shown, hidden);
});

test.each<[string, string, string, string | null]>([
  [
    'a field that the input lacks',
    'mutation { createCustomer(input: { name: "Ada", nickname: "A" }) { customer { id } } }',
    `The field \`nickname\` is not one of \`CreateCustomerInput\`: ${FIELDS}.`,
    'The field `nickname` is not one of `CreateCustomerInput`.',
  ],
  [
    'a required field missing',
    'mutation { createCustomer(input: { email: "a" }) { customer { id } } }',
    'The required field `name` of type `String!` is missing.',
    'A required field of type `String!` is missing.',
  ],
  [
    'a required argument missing',
    '{ customer { id } }',
    '`customer` lacks the required argument `id` of type `ID!`.',
    '`customer` lacks a required argument of type `ID!`.',
  ],
  [
    'a required argument of a directive missing',
    'mutation { createCustomer(input: { name: "Ada" }) @idempotent { customer { id } } }',
    '`@idempotent` lacks the required argument `key` of type `String!`.',
    '`@idempotent` lacks a required argument of type `String!`.',
  ],
  [
    'an enum value that there is not',
    '{ customers(orderBy: { field: NAME, direction: ASC }) { totalCount } }',
    'A value is not one of `CustomerOrderField`: `CREATED_AT`, `UPDATED_AT`.',
    'A value is not one of `CustomerOrderField`.',
  ],
  [
    'a text for an enum value',
    '{ customers(orderBy: { field: "CREATED_AT", direction: ASC }) { totalCount } }',
    'A value is not one of `CustomerOrderField`: `CREATED_AT`, `UPDATED_AT`.',
    'A value is not one of `CustomerOrderField`.',
  ],
  [
    'a text for a number',
    '{ customers(first: "5") { totalCount } }',
    'A value of type `Int` is expected.',
    null,
  ],
  [
    'a text too long to repeat for a number',
    `{ customers(first: "${'5'.repeat(2_000)}") { totalCount } }`,
    'A value of type `Int` is expected.',
    null,
  ],
  [
    'a card number for an enum value',
    '{ customers(orderBy: { field: CARD4242424242424242, direction: ASC }) { totalCount } }',
    'A value is not one of `CustomerOrderField`: `CREATED_AT`, `UPDATED_AT`.',
    'A value is not one of `CustomerOrderField`.',
  ],
  [
    'a variable of another type',
    'query ($first: String) { customers(first: $first) { totalCount } }',
    'Variable "$first" of type "String" used in position expecting type "Int".',
    null,
  ],
])('says of a document with %s what is expected', async (_, document, shown, hidden) => {
  await expectMessages(document, {}, shown, hidden);
});

test.each<[string, object, string]>([
  ['query ($id: ID = "1") { node(id: $id) { id } }', { id: null }, '`$id` must be of type `ID!`, not null.'],
  [
    'query ($id: ID = "1") { nodes(ids: [$id]) { id } }',
    { id: null },
    '`$id` must be of type `ID!`, not null.',
  ],
  [
    'query ($ids: [ID!] = []) { nodes(ids: $ids) { id } }',
    { ids: null },
    '`$ids` must be of type `[ID!]!`, not null.',
  ],
  [
    'query ($way: OrderDirection = ASC) { ...List } fragment List on Query { customers(orderBy: { field: CREATED_AT, direction: $way }) { totalCount } }',
    { way: null },
    '`$way` must be of type `OrderDirection!`, not null.',
  ],
  [
    'mutation ($key: String = "1") { createCustomer(input: { name: "A" }) @idempotent(key: $key) { customer { id } } }',
    { key: null },
    '`$key` must be of type `String!`, not null.',
  ],
  [
    'query ($if: Boolean = true) { merchant @include(if: $if) { id } }',
    { if: null },
    '`$if` must be of type `Boolean!`, not null.',
  ],
  [
    'mutation ($s: Int) { rotateApiKey(input: { id: "1", overlapSeconds: $s }) { userErrors { code } } }',
    { s: null },
    '`$s` must be of type `Int!`, not null.',
  ],
  [
    'mutation ($s: Int = null) { rotateApiKey(input: { id: "1", overlapSeconds: $s }) { userErrors { code } } }',
    {},
    '`$s` must be of type `Int!`, not null.',
  ],
])('says what must not be null in %s', async (document, variables, message) => {
  await expectMessages(document, variables, message, null);
});

test('takes null where only another operation of the document must not have it, and what a default stands for', async () => {
  const document =
    'query A ($id: ID = "1", $first: Int = 5) { node(id: $id) { id } customers(first: $first) { totalCount } } query B ($id: Int = 1) { customers(first: $id) { totalCount } }';

  const answers = [
    await vault.owner.executeAlike(document, { id: null }, 'B'),
    await vault.owner.executeAlike(document, { first: null }, 'A'),
    await vault.owner.executeAlike(document, {}, 'A'),
  ];

  const customers = { totalCount: 0 };
  expect(answers.map((answer) => answer.expectData())).toEqual([
    { customers },
    { node: null, customers },
    { node: null, customers },
  ]);
});

/** Names that a caller can know only from the schema: of fields and arguments, and the values of enums. */
function namesOf(type: GraphQLNamedType, seen = new Set<GraphQLNamedType>()): string[] {
  if (seen.has(type)) return [];
  seen.add(type);
  if (isEnumType(type)) return type.getValues().map(({ name }) => name);
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    field.name,
    ...namesOf(getNamedType(field.type), seen),
  ]);
}

const roots = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
  Object.values(type?.getFields() ?? {}).flatMap((field) =>
    field.args.map((argument) => ({ operation: type?.name.toLowerCase(), field, argument })),
  ),
);

test('tells in production no field, argument or enum value that the caller has not written, of any argument', async () => {
  expect(roots.length).toBeGreaterThan(30);
  for (const { operation, field, argument } of roots) {
    const type = getNamedType(argument.type);
    const others = field.args.filter((other) => other !== argument && isRequiredArgument(other));
    const names = [...namesOf(type), ...others.map(({ name }) => name)].filter((name) => name.length > 2);
    const wrong = isInputObjectType(type)
      ? ['{}', '{ unknown: 1 }', '[[1]]']
      : ['{ unknown: 1 }', '"unknown"', 'unknown'];
    const documents: [string, object][] = wrong.map((literal) => [
      `${operation} { ${field.name}(${argument.name}: ${literal}) { unknown } }`,
      {},
    ]);
    documents.push([`${operation} { ${field.name} { unknown } }`, {}]);
    for (const value of [{}, { unknown: 1 }, null, [[1]], 'unknown'])
      documents.push([
        `${operation} ($unknown: ${argument.type}) { ${field.name}(${argument.name}: $unknown) { __typename } }`,
        { unknown: value },
      ]);

    for (const [document, variables] of documents) {
      const { body } = await production.owner.executeOnce(document, variables);
      const text = (body.errors ?? []).map(({ message }) => message).join('\n');
      const told = names.filter(
        (name) =>
          text.match(/[`".(]\w+(?=[`".:(])/g)?.some((word) => word.slice(1) === name) &&
          !document.includes(name),
      );
      expect([document, text, told]).toEqual([document, text, []]);
    }
  }
});
