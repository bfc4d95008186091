import { type GraphQLInputType, getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { features } from '../../src/features.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { Answer, Client } from '../support/client.js';
import { queryAs } from '../support/database.js';
import { cases, never, type Things, thingsOf } from '../support/foreign-cases.js';
import { aPartner } from '../support/keys.js';
import { startVault } from '../support/vault.js';

const vault = await startVault();

afterAll(() => vault.close());

/** What names something of a merchant's: ids, tokens, references, cursors, and whatever a filter compares with. */
function namesSomething(name: string, type: GraphQLInputType, inFilter: boolean): boolean {
  return getNamedType(type).name === 'ID' || ['reference', 'after', 'before'].includes(name) || inFilter;
}

function pathsBelow(prefix: string, name: string, type: GraphQLInputType, inFilter: boolean): string[] {
  const named = getNamedType(type);
  const path = `${prefix}${name}`;
  if (isInputObjectType(named) && !inFilter) {
    const isFilter = named.name.endsWith('Filter');
    return Object.values(named.getFields()).flatMap((field) =>
      pathsBelow(`${path}.`, field.name, field.type, isFilter),
    );
  }
  return namesSomething(name, type, inFilter) ? [path] : [];
}

function pathsOfSchema(): string[] {
  return Object.values(createSchema('schema', features).getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__')) return [];
    return Object.values(type.getFields()).flatMap(({ name, args }) =>
      args.flatMap((arg) =>
        pathsBelow(`${type.name}.${name}(`, arg.name, arg.type, false).map((path) => `${path})`),
      ),
    );
  });
}

test('has a case for every argument of the schema that names something', () => {
  const paths = pathsOfSchema();

  expect(paths.length).toBeGreaterThan(45);
  expect(cases.map(({ path }) => path).sort()).toEqual(paths.sort());
});

/** Status and body without the request id. */
function textOf({ status, body: { extensions, ...rest } }: Answer<unknown>): string {
  expect(extensions.requestId).toEqual(expect.any(String));
  return JSON.stringify([status, rest]);
}

const tables = [
  'customers',
  'customer_search',
  'addresses',
  'payment_methods',
  'linked_tokens',
  'customer_sessions',
];

/** All rows of a merchant; of its keys all but when they were last used. */
async function rowsOf(merchantId: string): Promise<string> {
  const texts = [
    ...tables.map((table) => `select to_jsonb(t) as row from ${table} t where merchant_id = $1 order by 1`),
    `select to_jsonb(t) - 'last_used_at' as row from api_keys t where merchant_id = $1 order by 1`,
  ];
  const answers = [];
  for (const text of texts) answers.push((await queryAs(vault.databaseUrl, text, [merchantId])).rows);
  return JSON.stringify(answers);
}

interface Sides {
  readonly caller: Client;
  readonly own: Things;
  readonly foreign: Things;
  readonly foreignId: string;
}

let merchants: Sides;
let partners: Sides;

beforeAll(async () => {
  const [own, foreign] = [await aPartner(vault), await aPartner(vault)];
  const ownThings = await thingsOf(vault, vault.stranger, own);
  const foreignThings = await thingsOf(vault, vault.owner, foreign);
  const things = { own: ownThings, foreign: foreignThings, foreignId: vault.ownerId };
  merchants = { ...things, caller: vault.stranger };
  partners = { ...things, caller: own.actingFor() };
});

test.each(cases)(
  '$path takes another merchant’s for one that never existed',
  async ({ path, document, value, finds }) => {
    const { caller, own, foreign, foreignId } = path.startsWith('Query.merchants(') ? partners : merchants;
    const ask = (things: Things) => caller.execute(document, { value: value(things) });
    const before = await rowsOf(foreignId);

    // A creation with a reference that nobody has yet succeeds, and only once.
    const creates = /createCustomer|upsertCustomer/.test(path);
    const askAlike = (things: Things) =>
      creates ? ask(things) : caller.executeAlike(document, { value: value(things) });
    const neverExisted = textOf(await askAlike(never));
    const anothers = textOf(await askAlike(foreign));
    const after = await rowsOf(foreignId);
    const owns = textOf(await ask(own));

    expect(anothers).toBe(neverExisted);
    expect(after).toBe(before);
    // Otherwise the case would not ask for what it is about.
    expect(owns === neverExisted).toBe(finds === 'no difference');
  },
);
