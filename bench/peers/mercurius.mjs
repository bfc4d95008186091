// Mercurius with its own loaders, as its documentation shows them; it compiles a document once it has come so often as
// the variable says, and with 0 never.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { accountOf, cardOf } from './shared/methods.mjs';
import { scalars, typeDefs } from './shared/scalars.mjs';
import * as store from './shared/store.mjs';

const app = fastify();

const resolvers = {
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

const loaders = {
  Customer: {
    addresses: (queries) => store.listAddresses(queries.map(({ obj }) => obj.id)),
    paymentMethods: async (queries) => {
      const ids = queries.map(({ obj }) => obj.id);
      const lists = await store.listPaymentMethods(ids, queries[0].params.first ?? 20);
      return lists.map((nodes) => ({ nodes }));
    },
  },
};

app.register(mercurius, { schema: typeDefs, resolvers, loaders, jit: Number(process.env.MERCURIUS_JIT) });
await app.listen({ port: Number(process.env.PORT), host: process.env.HOST });
