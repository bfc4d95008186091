import type { GraphQLResolveInfo } from 'graphql';
import type { Customer } from '../customers/customer.js';
import { customerNoun, mergeBack } from '../customers/customer.read-plan.js';
import { planOfPayload } from '../customers/customer.resolvers.js';
import type { Resolvers } from '../generated/graphql.js';
import { type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selected, selectionOf, selects } from '../graphql-kit/selection.js';
import { sealedFields } from '../sealing/sealed-value.js';
import type { BankAccount, Card } from '../shared/payment-method-details.js';
import { findPaymentMethod, findPaymentMethodByToken } from './find-payment-method.js';
import { linkPaymentMethod } from './link-payment-method.js';
import {
  type PaymentMethod,
  type PaymentMethodPage,
  type PaymentMethodSecrets,
  positionOf,
  unusableReasonOf,
} from './payment-method.js';
import {
  PAYMENT_METHOD_ORDER,
  type PaymentMethodsArguments,
  pageKey,
  paymentMethodNoun,
  USABILITY,
} from './payment-method.read-plan.js';
import { providerTokenOf, whyUnusable } from './payment-token-resolution.js';
import { resolvePaymentToken } from './resolve-payment-token.js';
import { type PaymentMethodAnswer, setDefaultPaymentMethod } from './set-default-payment-method.js';
import { unlinkPaymentMethod } from './unlink-payment-method.js';
import { updatePaymentMethod } from './update-payment-method.js';

const listOrder: ListOrder<PaymentMethod> = { name: PAYMENT_METHOD_ORDER, positionOf };

export const paymentMethodResolvers: Resolvers = {
  Query: {
    paymentMethod: (_, { id }, op, info) =>
      findPaymentMethod(op, id, op.planner.plan(paymentMethodNoun, selectionOf(info), op)),
    paymentMethodByToken: (_, { token }, op, info) =>
      findPaymentMethodByToken(op, token, op.planner.plan(paymentMethodNoun, selectionOf(info), op)),
    resolvePaymentToken: (_, { token }, op, info) =>
      resolvePaymentToken(op, token, planOfResolution(op, info)),
  },
  Mutation: {
    linkPaymentMethod: async (_, { input }, op, info) => ({
      existing: false,
      ...toPayload(await linkPaymentMethod(op, input, plansOfAnswer(op, info).customer), (linked) => linked),
    }),
    updatePaymentMethod: async (_, { input }, op, info) =>
      toPayload(await updatePaymentMethod(op, input, plansOfAnswer(op, info).customer), (changed) => changed),
    setDefaultPaymentMethod: async (_, { input }, op, info) =>
      toPayload(await setDefaultPaymentMethod(op, input, plansOfAnswer(op, info)), (changed) => changed),
    unlinkPaymentMethod: async (_, { input }, op, info) =>
      toPayload(await unlinkPaymentMethod(op, input, planOfPayload(op, info)), (unlinked) => unlinked),
  },
  PaymentMethod: {
    ...sealedFields<PaymentMethodSecrets>()('secrets', 'label', 'billingDetails'),
    type: ({ details }) => details.type,
    card: ({ details }) => (selected(details.type) === 'CARD' ? (details as Card) : null),
    ach: ({ details }) => (selected(details.type) === 'ACH' ? (details as BankAccount) : null),
    fingerprint: ({ fingerprint }) => selected(fingerprint),
    customer: ({ customer }) => customer as Customer,
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
    defaultPaymentMethod: (customer) => selected(customer.defaultPaymentMethod),
    paymentMethods: ({ paymentMethods }, args, op) => {
      const page = paymentMethods === 'NONE' ? emptyPage : pageOf(paymentMethods, args);
      // Refuses what the plan passed over.
      if (!page || page === emptyPage) toPageRequest(args, PAYMENT_METHOD_ORDER, op);
      return toConnection(selected(page), listOrder, op, page?.totalCount);
    },
  },
};

const emptyPage: PaymentMethodPage = {
  key: '',
  items: [],
  hasNextPage: false,
  hasPreviousPage: false,
  totalCount: 0,
};

function pageOf(pages: readonly PaymentMethodPage[] | undefined, args: PaymentMethodsArguments) {
  const key = pageKey(args);
  return pages?.find((page) => page.key === key);
}

/** The payment method leads back to the one customer that is read. */
function plansOfAnswer(op: Context, info: GraphQLResolveInfo): PaymentMethodAnswer {
  return op.planner.make('answer', selectionOf(info), op, (draftAt) => {
    const customer = draftAt(customerNoun, [['customer']]);
    const paymentMethod = mergeBack(draftAt(paymentMethodNoun, [['paymentMethod']]), customer);
    return { customer: customer.finish(), paymentMethod: paymentMethod.finish() };
  });
}

/** What a resolution shows. The methods lead back to the one customer that is read. */
function planOfResolution(op: Context, info: GraphQLResolveInfo) {
  return op.planner.make('resolution', selectionOf(info), op, (draftAt) => {
    const customer = draftAt(customerNoun, [['customer']]);
    const methodAt = (field: string) => mergeBack(draftAt(paymentMethodNoun, [[field]]), customer);
    const paymentMethod = methodAt('paymentMethod');
    paymentMethod.addColumns(...USABILITY);
    if (selects(info, ['providerToken'])) paymentMethod.addColumns('sealed');
    const alternatives = selects(info, ['alternatives']) ? methodAt('alternatives').finish() : null;
    return { customer: customer.finish(), paymentMethod: paymentMethod.finish(), alternatives };
  });
}
