import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import { merchantNodes } from './merchant.repository.js';
import { merchantResolvers } from './merchant.resolvers.js';

const actions = {
  'merchant.read': { scopes: [], session: null },
  'merchants.list': 'partners',
} as const satisfies ActionRules;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

export const merchantFeature: Feature = {
  schema: 'access.graphql',
  resolvers: merchantResolvers,
  access: { actions, fields: { Query: { merchant: 'merchant.read', merchants: 'merchants.list' } } },
  nodes: { Merchant: { action: 'merchant.read', isRare: true, search: merchantNodes } },
};
