import type { Customer } from '../customers/customer.js';
import { customerNoun } from '../customers/customer.read-plan.js';
import type { Resolvers } from '../generated/graphql.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selectionOf, selects } from '../graphql-kit/selection.js';
import { assertMayShow } from '../graphql-kit/shown-fields.js';
import { createCustomerSession } from './create-customer-session.js';
import { findOwnCustomer } from './find-own-customer.js';

const SESSIONS_CUSTOMER = ['session', 'customer'];

export const customerSessionResolvers: Resolvers = {
  Query: {
    me: (_, _args, op, info) => findOwnCustomer(op, op.planner.plan(customerNoun, selectionOf(info), op)),
  },
  Mutation: {
    createCustomerSession: async (_, { input }, op, info) => {
      // The session must not be made when its answer would lose the token.
      assertMayShow(op, info, SESSIONS_CUSTOMER, 'customers.read');
      const plan = selects(info, SESSIONS_CUSTOMER)
        ? op.planner.plan(customerNoun, selectionOf(info), op, [SESSIONS_CUSTOMER])
        : null;
      return toPayload(await createCustomerSession(op, input, plan), (session) => ({ session }));
    },
  },
  CustomerSession: {
    customer: ({ customer }) => customer as Customer,
    permissions: ({ permissions }) => [...permissions],
  },
};
