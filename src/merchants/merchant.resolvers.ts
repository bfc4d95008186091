import type { Resolvers } from '../generated/graphql.js';
import { byCreation, type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import { selects } from '../graphql-kit/selection.js';
import { countMerchants, findMerchant, listMerchants, partnerOf } from './find-merchants.js';
import type { Merchant } from './merchant.js';
import { partnerCursors } from './partner-cursors.js';

const order: ListOrder<Merchant> = { name: 'merchants', positionOf: byCreation };

export const merchantResolvers: Resolvers = {
  Query: {
    merchant: (_, _args, op) => findMerchant(op),
    merchants: async (_, args, op, info) => {
      const cursors = partnerCursors(partnerOf(op));
      const page = toPageRequest(args, order.name, op, cursors);
      const [merchants, total] = await Promise.all([
        listMerchants(op, page),
        selects(info, ['totalCount']) ? countMerchants(op) : null,
      ]);
      return toConnection(merchants, order, op, total, cursors);
    },
  },
  Merchant: { mode: ({ mode }) => (mode === 'live' ? 'LIVE' : 'TEST') },
};
