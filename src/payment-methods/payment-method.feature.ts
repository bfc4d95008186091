import type { ActionRules, ActionsOf } from '../access/actions.js';
import type { Feature } from '../feature.js';
import type { ProblemsOf } from '../shared/result.js';
import { paymentMethodFieldPlans, paymentMethodFilters } from './payment-method.read-plan.js';
import { paymentMethodNodes } from './payment-method.repository.js';
import { paymentMethodResolvers } from './payment-method.resolvers.js';

const actions = {
  'payment-methods.read': { scopes: ['PAYMENT_METHODS_READ'], session: 'READ' },
  'payment-methods.read-by-token': { scopes: ['PAYMENT_METHODS_READ', 'TOKENS_READ'], session: null },
  'payment-methods.read-fingerprint': { scopes: ['PAYMENT_METHODS_READ'], session: null },
  'payment-methods.search': { scopes: ['PAYMENT_METHODS_READ'], session: null },
  'payment-methods.link': { scopes: ['PAYMENT_METHODS_WRITE'], session: 'LINK_PAYMENT_METHODS' },
  'payment-methods.unlink': { scopes: ['PAYMENT_METHODS_WRITE'], session: 'UNLINK_PAYMENT_METHODS' },
  'tokens.resolve': { scopes: ['TOKENS_READ'], session: null },
} as const satisfies ActionRules;

const problems = {
  TOKEN_NOT_ACCEPTED: 'The payment token is unknown to the tokenization provider, or has expired there.',
  TOKEN_ALREADY_LINKED: 'The payment token was spent by an earlier link. Each token links once.',
  DUPLICATE_PAYMENT_METHOD: 'The customer already has the same card or account.',
  REPLACEMENT_REQUIRED: 'Make another payment method the default first.',
} as const;

declare module '../access/actions.js' {
  interface DeclaredActions extends ActionsOf<typeof actions> {}
}

declare module '../shared/result.js' {
  interface DeclaredProblems extends ProblemsOf<typeof problems> {}
}

const keeps = { paymentMethod: 'PaymentMethod', customer: 'Customer' } as const;
const answer = { customer: 'customers.read', paymentMethod: 'payment-methods.read' } as const;

/** PostgreSQL looks through, or counts, all payment methods of a customer. */
const ALL_OF_ONE_CUSTOMER = 1_000;

export const paymentMethodFeature: Feature = {
  schema: 'payment-method.graphql',
  resolvers: paymentMethodResolvers,
  plans: paymentMethodFieldPlans,
  filters: paymentMethodFilters,
  access: {
    actions,
    fields: {
      Query: {
        paymentMethod: 'payment-methods.read',
        paymentMethodByToken: 'payment-methods.read-by-token',
        resolvePaymentToken: 'tokens.resolve',
      },
      Mutation: {
        linkPaymentMethod: 'payment-methods.link',
        updatePaymentMethod: 'payment-methods.link',
        setDefaultPaymentMethod: 'payment-methods.link',
        unlinkPaymentMethod: 'payment-methods.unlink',
      },
      Customer: {
        paymentMethods: 'payment-methods.read',
        defaultPaymentMethod: 'payment-methods.read',
      },
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
    },
    answers: {
      LinkPaymentMethodPayload: answer,
      UpdatePaymentMethodPayload: answer,
      SetDefaultPaymentMethodPayload: answer,
      UnlinkPaymentMethodPayload: { customer: 'customers.read' },
    },
    filters: {
      CustomerFilter: {
        paymentMethod: 'payment-methods.search',
        hasDefaultPaymentMethod: 'payment-methods.search',
      },
    },
  },
  mutations: {
    // It waits for no other change: it asks the provider, which may take long, and its one statement looks at the
    // customer when it is carried out, so that no more of them race than a merchant has connections.
    linkPaymentMethod: { keeps: { ...keeps, existing: 'flag' } },
    updatePaymentMethod: { keeps, changes: 'belonging' },
    setDefaultPaymentMethod: { keeps, changes: 'belonging' },
    unlinkPaymentMethod: {
      keeps: { unlinkedPaymentMethodId: 'id', customer: 'Customer' },
      changes: 'belonging',
    },
  },
  nodes: { PaymentMethod: { action: 'payment-methods.read', search: paymentMethodNodes } },
  problems,
  personalData: {
    sealedFields: { PaymentMethod: ['label', 'billingDetails'] },
    tables: {
      payment_methods: { sealed: ['sealed'], hashes: ['fingerprint'] },
      linked_tokens: { hashes: ['token_hash'] },
    },
  },
  prices: {
    fields: { 'PaymentMethodConnection.totalCount': ALL_OF_ONE_CUSTOMER },
    listSizes: { 'PaymentTokenResolution.alternatives': 10 },
    filters: {
      PaymentMethodFilter: (filter) => {
        const isFiltered = Object.values(filter).some((value) => value !== null && value !== undefined);
        return isFiltered ? ALL_OF_ONE_CUSTOMER : 0;
      },
    },
  },
};
