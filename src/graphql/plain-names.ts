import { type FieldNode, GraphQLError, type ValidationRule } from 'graphql';

const TAKEN: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Refuses fields whose name in the answer is one that every object has by nature, such as `constructor`: compiled
 * documents and the look-ahead keep fields in plain objects, where such a name seems to be there already.
 */
export const plainNamesRule: ValidationRule = (context) => ({
  Field(node: FieldNode) {
    if (node.alias === undefined || !TAKEN.has(node.alias.value)) return;
    context.reportError(new GraphQLError('An alias is a name that every object has.', { nodes: node }));
  },
});
