import { isNonNullType } from 'graphql';
import { forms } from '../support/argument-forms.js';
import type { Client } from '../support/client.js';
import { aCaller } from '../support/keys.js';
import {
  type Input,
  inputTypeOf,
  mutations,
  type Subjects,
  selectionOf,
  subjects,
} from '../support/mutation-subjects.js';
import { startVault } from '../support/vault.js';
import { CUSTOMER } from '../support/whole-customer.js';

// Whatever is remembered of a document, the same call has the same effect at each use and in each form of its arguments.

const TIMES = 5;

const vault = await startVault();
const { owner } = vault;
const witness = await aCaller(vault, ['KEYS_MANAGE', 'CUSTOMERS_READ', 'CUSTOMERS_WRITE']);

afterAll(() => vault.close());

/** All given; only what must be; and null for all that may be null. */
function inputsOf(mutation: string): Record<string, Input> {
  const { full } = subjects[mutation] as Subjects;
  const fields = inputTypeOf(mutation).getFields();
  const must = (name: string) =>
    isNonNullType(fields[name]?.type) && fields[name]?.defaultValue === undefined;
  const mayBeNull = (name: string) => !isNonNullType(fields[name]?.type);
  const entries = Object.entries(full);
  return {
    'all of it': full,
    'only what must be there': Object.fromEntries(entries.filter(([name]) => must(name))),
    'null where it may be': Object.fromEntries(
      entries.map(([name, value]) => [name, mayBeNull(name) ? null : value]),
    ),
  };
}

/** A text in which what differs from call to call has the name of its place. */
function withoutChance(text: string): string {
  const known = new Map<string, string>();
  const chance =
    /\b(?:sk|cs)_test_(?:[0-9a-f]{24}_){1,2}[\w-]{43}|\b[0-9a-f]{24}\b|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/g;
  return text.replace(chance, (found) => {
    if (found.includes(':')) return found.startsWith('2099') ? found : 'an instant';
    const name = known.get(found) ?? `number ${known.size}`;
    known.set(found, name);
    return name;
  });
}

/** Carries a call out on a subject of its own; gives the answer and what became of the subject. */
async function effectOf(client: Client, mutation: string, given: Input, form: string): Promise<string> {
  const { make } = subjects[mutation] as Subjects;
  const { customerId, fresh } = await make(owner);
  const write = forms[form];
  if (!write) throw new Error(`There is no form ${form}.`);
  const input = { ...given, ...fresh };
  const { definitions, value, variables } = write(inputTypeOf(mutation), input, new Set(Object.keys(fresh)));
  const declared = definitions.length > 0 ? `(${definitions.join(', ')})` : '';
  const query = `mutation ${declared} { ${mutation}(input: ${value}) { ${selectionOf(mutation)} } }`;
  const answer = await client.execute(query, variables);
  const { extensions: _, ...body } = answer.body;
  const id = customerId ?? body.data?.[mutation]?.customer?.id;
  const after = id
    ? (await owner.executeOnce(`query ($id: ID!) { customer(id: $id) { ${CUSTOMER} } }`, { id })).body.data
    : null;
  return withoutChance(JSON.stringify([fresh, body, after], null, 1));
}

test('knows a subject for every mutation of the contract, and all that its input takes', () => {
  expect(Object.keys(subjects).sort()).toEqual(mutations.map(({ name }) => name).sort());
  for (const { name } of mutations) {
    const { full } = subjects[name] as Subjects;
    const unnamed = Object.keys(inputTypeOf(name).getFields()).filter((field) => !(field in full));
    // What names the subject, the other of two kinds of payment method, and what has a test of its own.
    const others = ['id', 'reference', 'customerId', 'token', 'ach', 'andDescendants'];
    expect(unnamed.filter((field) => !others.includes(field))).toEqual([]);
  }
});

describe.each(mutations.map(({ name }) => name))('%s', (mutation) => {
  test.each(Object.entries(inputsOf(mutation)))(
    'has one effect, in every form and at each of five uses: %s',
    async (_, given) => {
      const expected = await effectOf(owner, mutation, given, 'as one variable');
      expect(expected).toContain('"data"');
      for (let time = 0; time < TIMES; time += 1) {
        for (const form of Object.keys(forms)) {
          // Another document in between, as other callers send theirs.
          await witness.executeOnce('{ customers(first: 1) { nodes { id } } }');
          const effect = await effectOf(owner, mutation, given, form);

          expect({ form, time, effect }).toEqual({ form, time, effect: expected });
        }
      }
    },
    300_000,
  );
});
