import type { GraphQLResolveInfo } from 'graphql';
import { addressNoun } from '../addresses/address.read-plan.js';
import { customerNoun } from '../customers/customer.read-plan.js';
import type { Resolvers } from '../generated/graphql.js';
import { badUserInput } from '../graphql/errors.js';
import type { Context } from '../graphql-kit/context.js';
import { selectionOf } from '../graphql-kit/selection.js';
import { paymentMethodNoun } from '../payment-methods/payment-method.read-plan.js';
import { findNodes, MAX_NODES } from './find-nodes.js';
import type { NodePlans } from './node.js';

export const nodeResolvers: Resolvers = {
  Query: {
    node: async (_, { id }, op, info) => (await findNodes(op, [id], nodePlans(op, info)))[0] ?? null,
    nodes: (_, { ids }, op, info) => {
      if (ids.length > MAX_NODES) throw badUserInput(`\`ids\` must have at most ${MAX_NODES} ids.`);
      return findNodes(op, ids, nodePlans(op, info));
    },
  },
  Node: {
    __resolveType: ({ __typename }) => __typename ?? null,
  },
};

function nodePlans(op: Context, info: GraphQLResolveInfo): NodePlans {
  const selection = selectionOf(info);
  return {
    Customer: op.planner.plan(customerNoun, selection, op),
    Address: op.planner.plan(addressNoun, selection, op),
    PaymentMethod: op.planner.plan(paymentMethodNoun, selection, op),
  };
}
