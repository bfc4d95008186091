import { randomUUID } from 'node:crypto';
import { type GraphQLInputObjectType, getNamedType } from 'graphql';
import { features } from '../../src/features.js';
import { createSchema } from '../../src/graphql/schema.js';
import type { Json } from './argument-forms.js';
import type { Client } from './client.js';
import { aCard, aCustomer, aPaymentMethod, aProviderToken } from './factories.js';
import { CUSTOMER } from './whole-customer.js';

/** Every mutation of the contract. */
export const mutations = Object.values(createSchema('schema', features).getMutationType()?.getFields() ?? {});

export type Input = { readonly [name: string]: Json };

/** What a call works on, made anew for each: its customer, where it has one, and what names it in the input. */
export interface Subject {
  readonly customerId: string | null;
  readonly fresh: Input;
}

export interface Subjects {
  readonly make: (client: Client) => Promise<Subject>;
  /** All that may be given beside what is fresh. */
  readonly full: Input;
}

const lines = {
  line1: '1 Main St',
  line2: 'Floor 2',
  city: 'London',
  state: 'Greater London',
  postalCode: 'N1',
};
const anInput = { label: 'Work', ...lines, country: 'GBR', isDefault: true };
const profile = { name: 'Grace Hopper', email: 'grace@example.com', phone: '+1 555 0100' };
const metadata = { plan: 'gold', note: '"quoted" \\ and more' };
const newProfile = { ...profile, metadata, addresses: [anInput, { label: 'Home', isDefault: null }] };

async function aWholeCustomer(owner: Client) {
  const reference = randomUUID();
  const customer = await aCustomer(owner, {
    ...{
      name: 'Ada',
      email: 'ada@example.com',
      phone: '123456',
      reference,
      metadata: { plan: 'silver', old: '1' },
    },
    addresses: [
      { label: 'Home', city: 'Paris', line1: '1 Rue', country: 'FRA' },
      { label: 'Other', city: 'Rome', line2: 'Second' },
    ],
  });
  const [home, other] = customer.addresses.map(({ id }) => id) as [string, string];
  return { customerId: customer.id, reference, home, other };
}

async function aWholeMethod(owner: Client) {
  const { customerId } = await aWholeCustomer(owner);
  await aPaymentMethod(owner, customerId, { label: 'First' });
  const tokenize = {
    ...aCard({ lastFour: '1111' }),
    billingDetails: { name: 'Ada', email: 'ada@example.com' },
  };
  const { id } = await aPaymentMethod(owner, customerId, { label: 'Second', tokenize });
  return { customerId, fresh: { id } };
}

async function anAddress(owner: Client, which: 'home' | 'other'): Promise<Subject> {
  const { customerId, [which]: id } = await aWholeCustomer(owner);
  return { customerId, fresh: { id } };
}

async function anApiKey(owner: Client): Promise<Subject> {
  const made = await owner.execute(
    'mutation { createApiKey(input: { label: "Old", scopes: [CUSTOMERS_READ] }) { apiKey { id } } }',
  );
  return { customerId: null, fresh: { id: made.expectData().createApiKey.apiKey.id } };
}

const nobody = async (): Promise<Subject> => ({ customerId: null, fresh: {} });
const ofCustomer =
  (name: string) =>
  async (owner: Client): Promise<Subject> => {
    const { customerId } = await aWholeCustomer(owner);
    return { customerId, fresh: { [name]: customerId } };
  };
const version = { expectedVersion: 1 };

/** What each mutation works on, by its name. */
export const subjects: Readonly<Record<string, Subjects>> = {
  createCustomer: {
    make: async () => ({ customerId: null, fresh: { reference: randomUUID() } }),
    full: newProfile,
  },
  upsertCustomer: {
    make: async (owner) => {
      const { customerId, reference } = await aWholeCustomer(owner);
      return { customerId, fresh: { reference } };
    },
    full: { ...newProfile, ...version },
  },
  updateCustomer: {
    make: ofCustomer('id'),
    full: { ...profile, metadata: { ...metadata, old: '' }, ...version },
  },
  deleteCustomer: { make: ofCustomer('id'), full: version },
  addAddress: { make: ofCustomer('customerId'), full: { address: anInput, ...version } },
  updateAddress: { make: (owner) => anAddress(owner, 'other'), full: { ...anInput, ...version } },
  removeAddress: { make: (owner) => anAddress(owner, 'home'), full: version },
  setDefaultAddress: { make: (owner) => anAddress(owner, 'other'), full: version },
  linkPaymentMethod: {
    make: async (owner) => {
      const { customerId } = await aWholeCustomer(owner);
      return { customerId, fresh: { customerId, token: await aProviderToken(owner) } };
    },
    full: { label: 'My card', isDefault: false, ifDuplicate: 'RETURN_EXISTING', ...version },
  },
  updatePaymentMethod: {
    make: aWholeMethod,
    full: {
      label: 'Renamed',
      billingDetails: { ...profile, address: { ...lines, country: 'GBR' } },
      expiry: { month: 11, year: 2036 },
      expectedVersion: 3,
    },
  },
  setDefaultPaymentMethod: { make: aWholeMethod, full: { expectedVersion: 3 } },
  unlinkPaymentMethod: { make: aWholeMethod, full: { ifDefault: 'PROMOTE_NEWEST', expectedVersion: 3 } },
  createApiKey: {
    make: nobody,
    full: { label: 'New', scopes: ['CUSTOMERS_READ', 'TOKENS_READ'], expiresAt: '2099-01-01T00:00:00Z' },
  },
  rotateApiKey: { make: anApiKey, full: { overlapSeconds: 60 } },
  revokeApiKey: { make: anApiKey, full: {} },
  createCustomerSession: {
    make: ofCustomer('customerId'),
    full: { permissions: ['READ', 'EDIT_PROFILE'], expiresInSeconds: 600 },
  },
  createSandboxPaymentToken: {
    make: nobody,
    full: {
      card: {
        ...{
          brand: 'VISA',
          lastFour: '4242',
          tokenType: 'NETWORK',
          cvcCheck: 'NO_MATCH',
          addressCheck: 'FULL_MATCH',
        },
        expiry: { month: 12, year: 2035 },
      },
      billingDetails: { name: 'Ada', address: lines },
    },
  },
};

/** The type of a mutation's input. */
export function inputTypeOf(mutation: string): GraphQLInputObjectType {
  const field = mutations.find(({ name }) => name === mutation);
  return getNamedType(field?.args[0]?.type) as GraphQLInputObjectType;
}

const below: Readonly<Record<string, string>> = {
  Customer: `{ ${CUSTOMER} }`,
  Address: '{ id label line1 line2 city state postalCode country isDefault customer { version } }',
  PaymentMethod:
    '{ id label isDefault card { brandName expiry { month year } } billingDetails { name email phone address { line1 city country } } }',
  ApiKey: '{ id label scopes expiresAt revokedAt }',
  CustomerSession: '{ token permissions expiresAt customer { id name } }',
  UserError: '{ code field message }',
};

/** All that a mutation's payload has, as a selection. */
export function selectionOf(mutation: string): string {
  const payload = getNamedType(mutations.find(({ name }) => name === mutation)?.type);
  const fields = payload && 'getFields' in payload ? Object.values(payload.getFields()) : [];
  return fields.map(({ name, type }) => `${name} ${below[String(getNamedType(type))] ?? ''}`).join(' ');
}
