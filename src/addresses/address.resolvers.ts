import type { GraphQLResolveInfo } from 'graphql';
import type { Customer } from '../customers/customer.js';
import { customerNoun, mergeBack } from '../customers/customer.read-plan.js';
import { planOfPayload } from '../customers/customer.resolvers.js';
import type { Resolvers } from '../generated/graphql.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selected, selectionOf } from '../graphql-kit/selection.js';
import { sealedFields } from '../sealing/sealed-value.js';
import { addAddress } from './add-address.js';
import type { AddressLines } from './address.js';
import { addressNoun } from './address.read-plan.js';
import { removeAddress } from './remove-address.js';
import { type AddressAnswer, setDefaultAddress } from './set-default-address.js';
import { updateAddress } from './update-address.js';

export const addressResolvers: Resolvers = {
  Mutation: {
    addAddress: async (_, { input }, op, info) =>
      toPayload(await addAddress(op, input, plansOfAnswer(op, info).customer), (changed) => changed),
    updateAddress: async (_, { input }, op, info) =>
      toPayload(await updateAddress(op, input, plansOfAnswer(op, info).customer), (changed) => changed),
    setDefaultAddress: async (_, { input }, op, info) =>
      toPayload(await setDefaultAddress(op, input, plansOfAnswer(op, info)), (changed) => changed),
    removeAddress: async (_, { input }, op, info) =>
      toPayload(await removeAddress(op, input, planOfPayload(op, info)), (removed) => removed),
  },
  Address: {
    ...sealedFields<AddressLines>()(
      'lines',
      ...(['label', 'line1', 'line2', 'city', 'state', 'postalCode', 'country'] as const),
    ),
    customer: ({ customer }) => customer as Customer,
  },
  Customer: {
    addresses: (customer) => selected(customer.addresses),
    defaultAddress: (customer) => selected(customer.defaultAddress),
  },
};

/** The address leads back to the one customer that is read. */
function plansOfAnswer(op: Context, info: GraphQLResolveInfo): AddressAnswer {
  return op.planner.make('answer', selectionOf(info), op, (draftAt) => {
    const customer = draftAt(customerNoun, [['customer']]);
    const address = mergeBack(draftAt(addressNoun, [['address']]), customer);
    return { customer: customer.finish(), address: address.finish() };
  });
}
