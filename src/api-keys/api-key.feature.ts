import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import type { ProblemsOf } from '../shared/result.js';
import { apiKeyNodes } from './api-key.repository.js';
import { apiKeyResolvers } from './api-key.resolvers.js';

const actions = {
  'keys.manage': { scopes: ['KEYS_MANAGE'], session: null },
} as const satisfies ActionRules;

const problems = { SCOPE_EXCEEDED: 'The caller cannot give away what its own key lacks.' } as const;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

declare module '../shared/result.js' {
  interface DeclaredProblems extends ProblemsOf<typeof problems> {}
}

export const apiKeyFeature: Feature = {
  schema: 'access.graphql',
  resolvers: apiKeyResolvers,
  access: {
    actions,
    fields: {
      Query: { apiKeys: 'keys.manage' },
      Mutation: { createApiKey: 'keys.manage', rotateApiKey: 'keys.manage', revokeApiKey: 'keys.manage' },
      CreateApiKeyPayload: { secret: 'keys.manage' },
      RotateApiKeyPayload: { secret: 'keys.manage' },
    },
  },
  mutations: {
    createApiKey: { keeps: { apiKey: 'ApiKey', secret: 'secret' } },
    rotateApiKey: { keeps: { apiKey: 'ApiKey', secret: 'secret' } },
    revokeApiKey: { keeps: { apiKey: 'ApiKey' } },
  },
  nodes: { ApiKey: { action: 'keys.manage', isRare: true, search: apiKeyNodes } },
  problems,
  personalData: { tables: { api_keys: { hashes: ['secret_hash', 'old_hash'] } } },
};
