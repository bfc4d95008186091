import type { ApiKey } from '../api-keys/api-key.js';
import { createApiKey } from '../api-keys/create-api-key.js';
import { countApiKeys, listApiKeys } from '../api-keys/list-api-keys.js';
import { revokeApiKey } from '../api-keys/revoke-api-key.js';
import { rotateApiKey } from '../api-keys/rotate-api-key.js';
import { createCustomerSession } from '../customer-sessions/create-customer-session.js';
import { findOwnCustomer } from '../customer-sessions/find-own-customer.js';
import type { Customer } from '../customers/customer.js';
import { customerNoun } from '../customers/customer.read-plan.js';
import type { Resolvers } from '../generated/graphql.js';
import { assertMayShow } from '../graphql/guard-fields.js';
import { type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selectionOf, selects } from '../graphql-kit/selection.js';
import { countMerchants, findMerchant, listMerchants, partnerOf } from '../merchants/find-merchants.js';
import type { Merchant } from '../merchants/merchant.js';
import { partnerCursors } from '../merchants/partner-cursors.js';
import type { Position } from '../shared/page.js';

const byCreation = ({ id, createdAt }: { readonly id: string; readonly createdAt: Date }): Position => [
  createdAt.toISOString(),
  id,
];
const keyOrder: ListOrder<ApiKey> = { name: 'api-keys', positionOf: byCreation };
const merchantOrder: ListOrder<Merchant> = { name: 'merchants', positionOf: byCreation };

const SESSIONS_CUSTOMER = ['session', 'customer'];

export const accessResolvers: Resolvers = {
  Query: {
    merchant: (_, _args, op) => findMerchant(op),
    merchants: async (_, args, op, info) => {
      const cursors = partnerCursors(partnerOf(op));
      const page = toPageRequest(args, merchantOrder.name, op, cursors);
      const [merchants, total] = await Promise.all([
        listMerchants(op, page),
        selects(info, ['totalCount']) ? countMerchants(op) : null,
      ]);
      return toConnection(merchants, merchantOrder, op, total, cursors);
    },
    me: (_, _args, op, info) => findOwnCustomer(op, op.planner.plan(customerNoun, selectionOf(info), op)),
    apiKeys: async (_, args, op, info) => {
      const [keys, total] = await Promise.all([
        listApiKeys(op, toPageRequest(args, keyOrder.name, op)),
        selects(info, ['totalCount']) ? countApiKeys(op) : null,
      ]);
      return toConnection(keys, keyOrder, op, total);
    },
  },
  Mutation: {
    createApiKey: async (_, { input }, op) => toPayload(await createApiKey(op, input), (created) => created),
    rotateApiKey: async (_, { input }, op) => toPayload(await rotateApiKey(op, input), (rotated) => rotated),
    revokeApiKey: async (_, { input }, op) =>
      toPayload(await revokeApiKey(op, input), (apiKey) => ({ apiKey })),
    createCustomerSession: async (_, { input }, op, info) => {
      // The session must not be made when its answer would lose the token.
      assertMayShow(op, info, SESSIONS_CUSTOMER, 'customers.read');
      const plan = selects(info, SESSIONS_CUSTOMER)
        ? op.planner.plan(customerNoun, selectionOf(info), op, [SESSIONS_CUSTOMER])
        : null;
      return toPayload(await createCustomerSession(op, input, plan), (session) => ({ session }));
    },
  },
  Merchant: { mode: ({ mode }) => (mode === 'live' ? 'LIVE' : 'TEST') },
  ApiKey: { scopes: ({ scopes }) => [...scopes] },
  CustomerSession: {
    customer: ({ customer }) => customer as Customer,
    permissions: ({ permissions }) => [...permissions],
  },
};
