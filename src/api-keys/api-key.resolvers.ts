import type { Resolvers } from '../generated/graphql.js';
import { byCreation, type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selects } from '../graphql-kit/selection.js';
import type { ApiKey } from './api-key.js';
import { createApiKey } from './create-api-key.js';
import { countApiKeys, listApiKeys } from './list-api-keys.js';
import { revokeApiKey } from './revoke-api-key.js';
import { rotateApiKey } from './rotate-api-key.js';

const order: ListOrder<ApiKey> = { name: 'api-keys', positionOf: byCreation };

export const apiKeyResolvers: Resolvers = {
  Query: {
    apiKeys: async (_, args, op, info) => {
      const [keys, total] = await Promise.all([
        listApiKeys(op, toPageRequest(args, order.name, op)),
        selects(info, ['totalCount']) ? countApiKeys(op) : null,
      ]);
      return toConnection(keys, order, op, total);
    },
  },
  Mutation: {
    createApiKey: async (_, { input }, op) => toPayload(await createApiKey(op, input), (created) => created),
    rotateApiKey: async (_, { input }, op) => toPayload(await rotateApiKey(op, input), (rotated) => rotated),
    revokeApiKey: async (_, { input }, op) =>
      toPayload(await revokeApiKey(op, input), (apiKey) => ({ apiKey })),
  },
  ApiKey: { scopes: ({ scopes }) => [...scopes] },
};
