import type { GraphQLResolveInfo } from 'graphql';
import type { Resolvers } from '../generated/graphql.js';
import { badUserInput } from '../graphql/errors.js';
import type { Context } from '../graphql-kit/context.js';
import { findNodes, MAX_NODES } from './find-nodes.js';
import type { WantedNodes } from './node.js';

export const nodeResolvers: Resolvers = {
  Query: {
    node: async (_, { id }, op, info) => (await findNodes(op, [id], wantedNodes(op, info)))[0] ?? null,
    nodes: (_, { ids }, op, info) => {
      if (ids.length > MAX_NODES) throw badUserInput(`\`ids\` must have at most ${MAX_NODES} ids.`);
      return findNodes(op, ids, wantedNodes(op, info));
    },
  },
  Node: {
    __resolveType: ({ __typename }) => __typename ?? null,
  },
};

function wantedNodes(op: Context, info: GraphQLResolveInfo): WantedNodes {
  return {
    Customer: op.lookAhead.wants('Customer', info, op),
    Address: op.lookAhead.wants('Address', info, op),
    PaymentMethod: op.lookAhead.wants('PaymentMethod', info, op),
  };
}
