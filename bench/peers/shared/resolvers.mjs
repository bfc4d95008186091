import { accountOf, cardOf } from './methods.mjs';
import { scalars } from './scalars.mjs';
import * as store from './store.mjs';

/** What Mercurius and Yoga have in common: all but how the lists below a customer are loaded. */
export const resolvers = {
  ...scalars,
  Query: {
    customer: (_, { id }) => store.findCustomer(id),
    customers: (_, { first, after, filter }) =>
      filter?.search ? store.searchCustomers(first, filter.search) : store.listCustomers(first, after),
    resolvePaymentToken: async (_, { token }) => {
      const found = await store.findByToken(token);
      return found && store.resolutionOf(found);
    },
  },
  Mutation: {
    createCustomer: async (_, { input }) => ({ customer: await store.createCustomer(input), userErrors: [] }),
    linkPaymentMethod: async (_, { input }) => ({
      ...(await store.linkPaymentMethod(input)),
      userErrors: [],
    }),
  },
  PaymentMethod: { card: cardOf, ach: accountOf },
  PaymentTokenResolution: { customer: ({ customerId }) => store.findCustomer(customerId) },
};
