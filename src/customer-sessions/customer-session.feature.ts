import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import { customerSessionResolvers } from './customer-session.resolvers.js';
import { findKeptSessions } from './find-kept-sessions.js';

const actions = {
  'own-customer.read': { scopes: [], session: 'READ' },
  'customer-sessions.create': { scopes: ['CUSTOMERS_WRITE'], session: null },
} as const satisfies ActionRules;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

export const customerSessionFeature: Feature = {
  schema: 'access.graphql',
  resolvers: customerSessionResolvers,
  access: {
    actions,
    fields: {
      Query: { me: 'own-customer.read' },
      Mutation: { createCustomerSession: 'customer-sessions.create' },
      CustomerSession: { token: 'customer-sessions.create' },
    },
    answers: { CustomerSession: { customer: 'customers.read' } },
  },
  mutations: { createCustomerSession: { keeps: { session: 'CustomerSession' } } },
  kept: { CustomerSession: findKeptSessions },
  personalData: { tables: { customer_sessions: { hashes: ['secret_hash'] } } },
};
