import type { GraphQLResolveInfo } from 'graphql';
import { mergeBack } from '../customers/customer.plan.js';
import { wantedOfPayload } from '../customers/customer.resolvers.js';
import type { Resolvers } from '../generated/graphql.js';
import { type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { findPaymentMethod, findPaymentMethodByToken } from './find-payment-method.js';
import { linkPaymentMethod } from './link-payment-method.js';
import { type PaymentMethod, unusableReasonOf } from './payment-method.js';
import { listKey, PAYMENT_METHOD_ORDER, wantedOfResolution } from './payment-method.plan.js';
import { type PaymentMethodPage, positionOf } from './payment-method-page.js';
import { providerTokenOf, whyUnusable } from './payment-token-resolution.js';
import { resolvePaymentToken } from './resolve-payment-token.js';
import { setDefaultPaymentMethod } from './set-default-payment-method.js';
import { unlinkPaymentMethod } from './unlink-payment-method.js';
import { updatePaymentMethod } from './update-payment-method.js';

const listOrder: ListOrder<PaymentMethod> = { name: PAYMENT_METHOD_ORDER, positionOf };

export const paymentMethodResolvers: Resolvers = {
  Query: {
    paymentMethod: (_, { id }, op, info) =>
      findPaymentMethod(op, id, op.lookAhead.wants('PaymentMethod', info, op)),
    paymentMethodByToken: (_, { token }, op, info) =>
      findPaymentMethodByToken(op, token, op.lookAhead.wants('PaymentMethod', info, op)),
    resolvePaymentToken: (_, { token }, op, info) =>
      resolvePaymentToken(op, token, wantedOfResolution(op, info)),
  },
  Mutation: {
    linkPaymentMethod: async (_, { input }, op, info) => ({
      existing: false,
      ...toPayload(await linkPaymentMethod(op, input, wantedOfAnswer(op, info)), (linked) => linked),
    }),
    updatePaymentMethod: async (_, { input }, op, info) =>
      toPayload(await updatePaymentMethod(op, input, wantedOfAnswer(op, info)), (changed) => changed),
    setDefaultPaymentMethod: async (_, { input }, op, info) =>
      toPayload(await setDefaultPaymentMethod(op, input, wantedOfAnswer(op, info)), (changed) => changed),
    unlinkPaymentMethod: async (_, { input }, op, info) =>
      toPayload(await unlinkPaymentMethod(op, input, wantedOfPayload(op, info)), (unlinked) => unlinked),
  },
  PaymentMethod: {
    usable: ({ details }, _, op) => unusableReasonOf(details, op.now()) === null,
    unusableReason: ({ details }, _, op) => unusableReasonOf(details, op.now()),
  },
  Card: { checks: (card) => card },
  PaymentTokenResolution: {
    customer: ({ customer }) => customer,
    providerToken: (resolution, _, op) => providerTokenOf(resolution, op.now()),
    usable: (resolution, _, op) => whyUnusable(resolution, op.now()) === null,
    unusableReason: (resolution, _, op) => whyUnusable(resolution, op.now()),
    alternatives: ({ alternatives }) => [...alternatives],
  },
  Customer: {
    defaultPaymentMethod: (customer) => customer.parts.get('defaultPaymentMethod') as PaymentMethod | null,
    paymentMethods: (customer, args, op) => {
      // Refuses what the look-ahead passed over.
      toPageRequest(args, PAYMENT_METHOD_ORDER, op);
      const { page, totalCount } = customer.parts.get(listKey(args)) as PaymentMethodPage;
      return toConnection(page, listOrder, op, totalCount);
    },
  },
};

/** The payment method leads back to the one customer that is read. */
function wantedOfAnswer(op: Context, info: GraphQLResolveInfo) {
  return op.lookAhead.plan('answer', info, op, (look) => {
    const customer = look('Customer', [['customer']]);
    return { customer, paymentMethod: mergeBack(look('PaymentMethod', [['paymentMethod']]), customer) };
  });
}
