// Apollo Server and Prisma as Prisma's documentation shows them together: the standalone server, and a resolver a
// relation through the fluent API, which Prisma batches.
import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../.generated/prisma/index.js';
import { newId } from '../lib/ids.mjs';
import { accountOf, cardOf } from './shared/methods.mjs';
import { scalars, typeDefs } from './shared/scalars.mjs';

const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }),
});

const newestFirst = [{ createdAt: 'desc' }, { id: 'desc' }];

async function listCustomers(first, after) {
  const cursor = after?.split('|')[1];
  const rows = await prisma.customer.findMany({
    take: first + 1,
    orderBy: newestFirst,
    ...(cursor && { cursor: { id: cursor }, skip: 1 }),
  });
  const nodes = rows.slice(0, first);
  return { nodes, pageInfo: { hasNextPage: rows.length > first, endCursor: nodes.at(-1)?.id ?? null } };
}

async function createCustomer({ addresses = [], ...customer }) {
  const now = new Date();
  const times = { createdAt: now, updatedAt: now };
  return prisma.customer.create({
    data: {
      ...customer,
      metadata: customer.metadata ?? undefined,
      id: newId(),
      token: randomUUID(),
      version: 1,
      ...times,
      addresses: {
        create: addresses.map((address, index) => ({
          ...address,
          id: newId(),
          isDefault: index === 0,
          ...times,
        })),
      },
    },
  });
}

const resolvers = {
  ...scalars,
  Query: {
    customer: (_, { id }) => prisma.customer.findUnique({ where: { id } }),
    customers: (_, { first, after }) => listCustomers(first, after),
  },
  Mutation: {
    createCustomer: async (_, { input }) => ({ customer: await createCustomer(input), userErrors: [] }),
  },
  Customer: {
    addresses: ({ id }) =>
      prisma.customer
        .findUnique({ where: { id } })
        .addresses({ orderBy: [{ isDefault: 'desc' }, { createdAt: 'asc' }, { id: 'asc' }] }),
    paymentMethods: async ({ id }, { first }) => ({
      nodes: await prisma.customer.findUnique({ where: { id } }).paymentMethods({
        orderBy: [{ isDefault: 'desc' }, { linkedAt: 'desc' }, { id: 'desc' }],
        take: first,
      }),
    }),
  },
  PaymentMethod: { card: cardOf, ach: accountOf },
};

const server = new ApolloServer({ typeDefs, resolvers });
await startStandaloneServer(server, {
  listen: { port: Number(process.env.PORT), host: process.env.HOST },
});
