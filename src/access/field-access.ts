import type { Action } from './actions.js';

/**
 * Which action each field of the schema is, by type and field. A field of `Query` or `Mutation` that is not here is
 * refused for everyone; a test walks the schema for those, for tokens and secrets, and for every field that leads
 * to a customer, an address or a payment method.
 */
export const fieldAccess: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  Query: {
    node: 'nodes.read',
    nodes: 'nodes.read',
    merchant: 'merchant.read',
    merchants: 'merchants.list',
    me: 'own-customer.read',
    apiKeys: 'keys.manage',
    customer: 'customers.read',
    customerByToken: 'customers.read-by-token',
    customerByReference: 'customers.search',
    customers: 'customers.search',
    paymentMethod: 'payment-methods.read',
    paymentMethodByToken: 'payment-methods.read-by-token',
    resolvePaymentToken: 'tokens.resolve',
  },
  Mutation: {
    createApiKey: 'keys.manage',
    rotateApiKey: 'keys.manage',
    revokeApiKey: 'keys.manage',
    createCustomerSession: 'customer-sessions.create',
    createCustomer: 'customers.create',
    upsertCustomer: 'customers.create',
    updateCustomer: 'customers.update',
    deleteCustomer: 'customers.delete',
    addAddress: 'addresses.write',
    updateAddress: 'addresses.write',
    removeAddress: 'addresses.write',
    setDefaultAddress: 'addresses.write',
    linkPaymentMethod: 'payment-methods.link',
    updatePaymentMethod: 'payment-methods.link',
    setDefaultPaymentMethod: 'payment-methods.link',
    unlinkPaymentMethod: 'payment-methods.unlink',
    createSandboxPaymentToken: 'sandbox-tokens.create',
  },
  Customer: {
    token: 'tokens.read',
    reference: 'customers.read-annotations',
    metadata: 'customers.read-annotations',
    addresses: 'customers.read',
    defaultAddress: 'customers.read',
    paymentMethods: 'payment-methods.read',
    defaultPaymentMethod: 'payment-methods.read',
  },
  Address: { customer: 'customers.read' },
  PaymentMethod: {
    token: 'tokens.read',
    fingerprint: 'payment-methods.read-fingerprint',
    customer: 'customers.read',
  },
  PaymentTokenResolution: {
    customer: 'customers.read',
    paymentMethod: 'payment-methods.read',
    providerToken: 'tokens.read',
    alternatives: 'payment-methods.read',
  },
  CustomerSession: { token: 'customer-sessions.create', customer: 'customers.read' },
  CreateApiKeyPayload: { secret: 'keys.manage' },
  RotateApiKeyPayload: { secret: 'keys.manage' },
  CreateSandboxPaymentTokenPayload: { token: 'sandbox-tokens.create' },
  CreateCustomerPayload: { customer: 'customers.read' },
  UpsertCustomerPayload: { customer: 'customers.read' },
  UpdateCustomerPayload: { customer: 'customers.read' },
  AddAddressPayload: { customer: 'customers.read', address: 'customers.read' },
  UpdateAddressPayload: { customer: 'customers.read', address: 'customers.read' },
  RemoveAddressPayload: { customer: 'customers.read' },
  SetDefaultAddressPayload: { customer: 'customers.read', address: 'customers.read' },
  LinkPaymentMethodPayload: { customer: 'customers.read', paymentMethod: 'payment-methods.read' },
  UpdatePaymentMethodPayload: { customer: 'customers.read', paymentMethod: 'payment-methods.read' },
  SetDefaultPaymentMethodPayload: { customer: 'customers.read', paymentMethod: 'payment-methods.read' },
  UnlinkPaymentMethodPayload: { customer: 'customers.read' },
};

/** Fields of filters that would tell what the caller may not read, by the input type that they stand in. */
export const filterAccess: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  CustomerFilter: {
    paymentMethod: 'payment-methods.search',
    hasDefaultPaymentMethod: 'payment-methods.search',
  },
};

/**
 * What of an object that a call has just changed may be seen without the scope to read it: enough to name it in
 * the next call. A field with an action of its own still takes that.
 */
export const handles: ReadonlySet<string> = new Set(['__typename', 'id', 'token', 'version']);
