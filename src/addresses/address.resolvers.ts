import { customerOf, existingCustomerOf, wantedOfPayload } from '../customers/customer.resolvers.js';
import type { Resolvers } from '../generated/graphql.js';
import { toPayload } from '../graphql/payload.js';
import { addAddress } from './add-address.js';
import { type Address, linesOf } from './address.js';
import { removeAddress } from './remove-address.js';
import { setDefaultAddress, updateAddress } from './update-address.js';

export const addressResolvers: Resolvers = {
  Mutation: {
    addAddress: async (_, { input }, op, info) =>
      toPayload(await addAddress(op, input, wantedOfPayload(op, info)), (changed) => changed),
    updateAddress: async (_, { input }, op, info) =>
      toPayload(await updateAddress(op, input, wantedOfPayload(op, info)), (changed) => changed),
    setDefaultAddress: async (_, { input }, op, info) =>
      toPayload(await setDefaultAddress(op, input, wantedOfPayload(op, info)), (changed) => changed),
    removeAddress: async (_, { input }, op, info) =>
      toPayload(await removeAddress(op, input, wantedOfPayload(op, info)), (removed) => removed),
  },
  AddAddressPayload: { customer: customerOf },
  UpdateAddressPayload: { customer: customerOf },
  SetDefaultAddressPayload: { customer: customerOf },
  RemoveAddressPayload: { customer: customerOf },
  Address: {
    label: (address) => linesOf(address).label,
    line1: (address) => linesOf(address).line1,
    line2: (address) => linesOf(address).line2,
    city: (address) => linesOf(address).city,
    state: (address) => linesOf(address).state,
    postalCode: (address) => linesOf(address).postalCode,
    country: (address) => linesOf(address).country,
    customer: existingCustomerOf,
  },
  Customer: {
    addresses: (customer) => customer.parts.get('addresses') as Address[],
    defaultAddress: (customer) => customer.parts.get('defaultAddress') as Address | null,
  },
};
