import { GraphQLError, type ValidationRule } from 'graphql';

/** Refuses an operation of a type that the schema lacks; graphql-js would fail on it when it is executed. */
export const knownOperationTypesRule: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return;
    context.reportError(new GraphQLError(`The schema has no ${node.operation}.`, { nodes: node }));
  },
});
