import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Context } from '../context.js';
import { errorOf } from '../errors.js';

const OPEN_TO_ALL = new Set(['__typename', '__schema', '__type']);

/** Answers 401 for the whole request without a good key, unless it asks only for what an explorer needs at first. */
export const authenticationPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ contextValue, document, operation }) {
        if (contextValue.actor.kind !== 'anonymous') return;
        if (operation && isOpenToAll(operation, document)) return;
        throw errorOf('UNAUTHENTICATED', 'A valid API key is required.', {
          extensions: { http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) } },
        });
      },
    };
  },
};

function isOpenToAll({ selectionSet }: OperationDefinitionNode, document: DocumentNode): boolean {
  return rootFieldNames(selectionSet, document).every((name) => OPEN_TO_ALL.has(name));
}

/** The names of the fields at the root of an operation, fragments spread. */
export function rootFieldNames(selectionSet: SelectionSetNode, document: DocumentNode): string[] {
  return selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection.name.value];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFieldNames(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFieldNames(fragment.selectionSet, document) : [];
  });
}
