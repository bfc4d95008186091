import type { GraphQLResolveInfo } from 'graphql';
import type { Customer } from '../customers/customer.js';
import { mergeBack } from '../customers/customer.plan.js';
import { wantedOfPayload } from '../customers/customer.resolvers.js';
import type { Resolvers } from '../generated/graphql.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { addAddress } from './add-address.js';
import type { Address } from './address.js';
import { removeAddress } from './remove-address.js';
import { setDefaultAddress } from './set-default-address.js';
import { updateAddress } from './update-address.js';

export const addressResolvers: Resolvers = {
  Mutation: {
    addAddress: async (_, { input }, op, info) =>
      toPayload(await addAddress(op, input, wantedOfAnswer(op, info).customer), (changed) => changed),
    updateAddress: async (_, { input }, op, info) =>
      toPayload(await updateAddress(op, input, wantedOfAnswer(op, info).customer), (changed) => changed),
    setDefaultAddress: async (_, { input }, op, info) =>
      toPayload(await setDefaultAddress(op, input, wantedOfAnswer(op, info)), (changed) => changed),
    removeAddress: async (_, { input }, op, info) =>
      toPayload(await removeAddress(op, input, wantedOfPayload(op, info)), (removed) => removed),
  },
  Address: {
    customer: ({ customer }) => customer as Customer,
  },
  Customer: {
    addresses: (customer) => customer.parts.get('addresses') as Address[],
    defaultAddress: (customer) => customer.parts.get('defaultAddress') as Address | null,
  },
};

/** The address leads back to the one customer that is read. */
function wantedOfAnswer(op: Context, info: GraphQLResolveInfo) {
  return op.lookAhead.plan('answer', info, op, (look) => {
    const customer = look('Customer', [['customer']]);
    return { customer, address: mergeBack(look('Address', [['address']]), customer) };
  });
}
