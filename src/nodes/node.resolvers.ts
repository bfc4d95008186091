import type { GraphQLResolveInfo } from 'graphql';
import type { Resolvers } from '../generated/graphql.js';
import type { Context } from '../graphql-kit/context.js';
import { badUserInput } from '../graphql-kit/errors.js';
import { selectionOf } from '../graphql-kit/selection.js';
import { findNodes, MAX_NODES } from './find-nodes.js';
import type { NodeTypes } from './node.js';

export function nodeResolvers(types: NodeTypes): Resolvers {
  const find = (op: Context, ids: readonly string[], info: GraphQLResolveInfo) =>
    findNodes(op, types, ids, (noun) => op.planner.plan(noun, selectionOf(info), op));
  return {
    Query: {
      node: async (_, { id }, op, info) => (await find(op, [id], info))[0] ?? null,
      nodes: (_, { ids }, op, info) => {
        if (ids.length > MAX_NODES) throw badUserInput(`\`ids\` must have at most ${MAX_NODES} ids.`);
        return find(op, ids, info);
      },
    },
    Node: {
      __resolveType: ({ __typename }) => __typename ?? null,
    },
  } as Resolvers;
}
