import type { ActionRules, ActionsOf } from '../../access/actions.js';
import type { Feature } from '../../feature.js';
import { sandboxResolvers } from './sandbox.resolvers.js';
import { sandboxProvider } from './sandbox-provider.js';

const actions = {
  'sandbox-tokens.create': { scopes: ['PAYMENT_METHODS_WRITE'], session: null },
} as const satisfies ActionRules;

declare module '../../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

export const sandboxFeature: Feature = {
  schema: 'sandbox.graphql',
  provider: sandboxProvider.name,
  resolvers: sandboxResolvers,
  access: {
    actions,
    fields: {
      Mutation: { createSandboxPaymentToken: 'sandbox-tokens.create' },
      CreateSandboxPaymentTokenPayload: { token: 'sandbox-tokens.create' },
    },
  },
  // A replay would have to give the token out again, and the vault keeps only its hash.
  mutations: { createSandboxPaymentToken: { keeps: null } },
  personalData: { tables: { sandbox_tokens: { sealed: ['sealed'], hashes: ['token_hash'] } } },
};
