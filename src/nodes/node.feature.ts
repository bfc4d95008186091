import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import type { NodeTypes } from './node.js';
import { nodeResolvers } from './node.resolvers.js';

const actions = { 'nodes.read': { scopes: [], session: 'READ' } } as const satisfies ActionRules;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

/** `Query.node` and `nodes`, for the types that these features bring. */
export function nodeFeature(features: readonly Feature[]): Feature {
  const types: NodeTypes = Object.assign({}, ...features.map(({ nodes }) => nodes));
  return {
    schema: 'base.graphql',
    resolvers: nodeResolvers(types),
    access: { actions, fields: { Query: { node: 'nodes.read', nodes: 'nodes.read' } } },
  };
}
