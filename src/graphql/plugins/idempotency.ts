import type { ApolloServerPlugin } from '@apollo/server';
import { BREAK, type DocumentNode, visit } from 'graphql';
import type { Context } from '../context.js';
import { badUserInput } from '../errors.js';

/** Refuses `@idempotent`, which is declared and not carried out yet: ignoring it would make a retry unsafe. */
export const idempotencyPlugin: ApolloServerPlugin<Context> = {
  async requestDidStart() {
    return {
      async didResolveOperation({ document, contextValue }) {
        if (contextValue.actor.kind === 'anonymous' || !isIdempotent(document)) return;
        const error = badUserInput('`@idempotent` is not supported yet.');
        error.extensions['http'] = { status: 400 };
        throw error;
      },
    };
  },
};

function isIdempotent(document: DocumentNode): boolean {
  let found = false;
  visit(document, {
    Directive: ({ name }) => {
      found ||= name.value === 'idempotent';
      return found ? BREAK : undefined;
    },
  });
  return found;
}
