import type { Resolvers } from '../../generated/graphql.js';
import { toPayload } from '../../graphql-kit/payload.js';
import { createSandboxPaymentToken } from './create-sandbox-payment-token.js';

export const sandboxResolvers: Resolvers = {
  Mutation: {
    createSandboxPaymentToken: async (_, { input }, op) =>
      toPayload(await createSandboxPaymentToken(op, input), (token) => ({ token })),
  },
};
