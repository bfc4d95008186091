import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import type { ProblemsOf } from '../shared/result.js';
import { customerFieldPlans } from './customer.read-plan.js';
import { customerNodes } from './customer.repository.js';
import { customerResolvers } from './customer.resolvers.js';
import { priceOfCustomerFilter } from './customer-prices.js';

const actions = {
  'customers.read': { scopes: ['CUSTOMERS_READ'], session: 'READ' },
  'customers.read-by-token': { scopes: ['CUSTOMERS_READ', 'TOKENS_READ'], session: null },
  'customers.search': { scopes: ['CUSTOMERS_READ'], session: null },
  'customers.create': { scopes: ['CUSTOMERS_WRITE'], session: null },
  'customers.update': { scopes: ['CUSTOMERS_WRITE'], session: 'EDIT_PROFILE' },
  // The merchant's own number and notes: a customer who may edit the profile may not touch them.
  'customers.annotate': { scopes: ['CUSTOMERS_WRITE'], session: null },
  // What the merchant keeps of its own beside a customer or a card: no customer sees it.
  'customers.read-annotations': { scopes: ['CUSTOMERS_READ'], session: null },
  'customers.delete': { scopes: ['CUSTOMERS_WRITE', 'CUSTOMERS_DELETE'], session: null },
  'tokens.read': { scopes: ['TOKENS_READ'], session: null },
} as const satisfies ActionRules;

const problems = {
  TAKEN: 'The value is already in use by another customer.',
  VERSION_CONFLICT: 'The customer has changed since that version.',
} as const;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

declare module '../shared/result.js' {
  interface DeclaredProblems extends ProblemsOf<typeof problems> {}
}

const keeps = { customer: 'Customer' } as const;
const answer = { customer: 'customers.read' } as const;

export const customerFeature: Feature = {
  schema: 'customer.graphql',
  resolvers: customerResolvers,
  plans: customerFieldPlans,
  access: {
    actions,
    fields: {
      Query: {
        customer: 'customers.read',
        customerByToken: 'customers.read-by-token',
        customerByReference: 'customers.search',
        customers: 'customers.search',
      },
      Mutation: {
        createCustomer: 'customers.create',
        upsertCustomer: 'customers.create',
        updateCustomer: 'customers.update',
        deleteCustomer: 'customers.delete',
      },
      Customer: {
        token: 'tokens.read',
        reference: 'customers.read-annotations',
        metadata: 'customers.read-annotations',
      },
    },
    answers: {
      CreateCustomerPayload: answer,
      UpsertCustomerPayload: answer,
      UpdateCustomerPayload: answer,
    },
  },
  mutations: {
    createCustomer: { keeps },
    upsertCustomer: { keeps: { ...keeps, created: 'flag' }, changes: 'reference' },
    updateCustomer: { keeps, changes: 'id' },
    deleteCustomer: { keeps: { deletedCustomerId: 'id' }, changes: 'id' },
  },
  nodes: { Customer: { action: 'customers.read', search: customerNodes } },
  problems,
  personalData: {
    sealedFields: { Customer: ['name', 'email', 'phone', 'reference', 'metadata'] },
    tables: {
      customers: { sealed: ['sealed'], hashes: ['email_hash', 'phone_hash', 'reference_hash'] },
      customer_search: { hashes: ['terms', 'more_terms'] },
    },
  },
  prices: {
    // Up to 27,000 characters, written anew for every name under which it stands in the answer.
    fields: { 'Customer.metadata': 500, 'CustomerConnection.totalCount': 50_000 },
    // The metadata are in the sealed part, asked for or not.
    opening: { Customer: 300 },
    filters: { CustomerFilter: priceOfCustomerFilter },
  },
};
