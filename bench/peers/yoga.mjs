// GraphQL Yoga with DataLoader, a new set of loaders a request.
import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { resolvers } from './shared/resolvers.mjs';
import { typeDefs } from './shared/scalars.mjs';
import * as store from './shared/store.mjs';

const Customer = {
  addresses: ({ id }, _, { loaders }) => loaders.addresses.load(id),
  paymentMethods: async ({ id }, { first = 20 }, { loaders }) => ({
    nodes: await loaders.paymentMethods(first).load(id),
  }),
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
  schema: createSchema({ typeDefs, resolvers: { ...resolvers, Customer } }),
  context: () => ({ loaders: newLoaders() }),
  graphiql: false,
  logging: false,
});
createServer(yoga).listen(Number(process.env.PORT), process.env.HOST);
