import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import { MAX_ADDRESSES } from './address.js';
import { addressFieldPlans } from './address.read-plan.js';
import { addressNodes } from './address.repository.js';
import { addressResolvers } from './address.resolvers.js';

const actions = {
  'addresses.write': { scopes: ['CUSTOMERS_WRITE'], session: 'EDIT_ADDRESSES' },
} as const satisfies ActionRules;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

const keeps = { address: 'Address', customer: 'Customer' } as const;
const answer = { customer: 'customers.read', address: 'customers.read' } as const;

export const addressFeature: Feature = {
  schema: 'address.graphql',
  resolvers: addressResolvers,
  plans: addressFieldPlans,
  access: {
    actions,
    fields: {
      Mutation: {
        addAddress: 'addresses.write',
        updateAddress: 'addresses.write',
        removeAddress: 'addresses.write',
        setDefaultAddress: 'addresses.write',
      },
      Customer: { addresses: 'customers.read', defaultAddress: 'customers.read' },
      Address: { customer: 'customers.read' },
    },
    answers: {
      AddAddressPayload: answer,
      UpdateAddressPayload: answer,
      RemoveAddressPayload: { customer: 'customers.read' },
      SetDefaultAddressPayload: answer,
    },
  },
  mutations: {
    addAddress: { keeps, changes: 'customerId' },
    updateAddress: { keeps, changes: 'belonging' },
    setDefaultAddress: { keeps, changes: 'belonging' },
    removeAddress: { keeps: { removedAddressId: 'id', customer: 'Customer' }, changes: 'belonging' },
  },
  nodes: { Address: { action: 'customers.read', search: addressNodes } },
  personalData: {
    sealedFields: { Address: ['label', 'line1', 'line2', 'city', 'state', 'postalCode', 'country'] },
    tables: { addresses: { sealed: ['sealed'] } },
  },
  prices: { listSizes: { 'Customer.addresses': MAX_ADDRESSES } },
};
