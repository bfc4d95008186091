// Mercurius with its own loaders, as its documentation shows them; it compiles a document once it has come so often as
// the variable says, and with 0 never.
import fastify from 'fastify';
import mercurius from 'mercurius';
import { resolvers } from './shared/resolvers.mjs';
import { typeDefs } from './shared/scalars.mjs';
import * as store from './shared/store.mjs';

const app = fastify();

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
