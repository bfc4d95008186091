// GraphQL Yoga with DataLoader, a new set of loaders a request.
import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { accountOf, cardOf } from './shared/methods.mjs';
import { scalars, typeDefs } from './shared/scalars.mjs';
import * as store from './shared/store.mjs';

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
  Customer: {
    addresses: ({ id }, _, { loaders }) => loaders.addresses.load(id),
    paymentMethods: async ({ id }, { first = 20 }, { loaders }) => ({
      nodes: await loaders.paymentMethods(first).load(id),
    }),
  },
  PaymentMethod: { card: cardOf, ach: accountOf },
  PaymentTokenResolution: { customer: ({ customerId }) => store.findCustomer(customerId) },
};

function newLoaders() {
  const byFirst = new Map();
  return {
    addresses: new DataLoader(store.listAddresses),
    paymentMethods(first) {
      if (!byFirst.has(first)) {
        byFirst.set(first, new DataLoader((ids) => store.listPaymentMethods(ids, first)));
      }
      return byFirst.get(first);
    },
  };
}

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: () => ({ loaders: newLoaders() }),
  graphiql: false,
  logging: false,
});
createServer(yoga).listen(Number(process.env.PORT), process.env.HOST);
