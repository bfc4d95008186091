import type { GraphQLResolveInfo } from 'graphql';
import type { Resolvers } from '../generated/graphql.js';
import { type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selects } from '../graphql-kit/selection.js';
import { createCustomer } from './create-customer.js';
import type { Customer, CustomerOrder } from './customer.js';
import { deleteCustomer } from './delete-customer.js';
import { findCustomer, findCustomerByReference, findCustomerByToken } from './find-customer.js';
import { countCustomers, listCustomers } from './list-customers.js';
import { updateCustomer } from './update-customer.js';
import { upsertCustomer } from './upsert-customer.js';

const newestFirst: CustomerOrder = { field: 'CREATED_AT', direction: 'DESC' };

export const customerResolvers: Resolvers = {
  Query: {
    customer: (_, { id }, op, info) => findCustomer(op, id, op.lookAhead.wants('Customer', info, op)),
    customerByToken: (_, { token }, op, info) =>
      findCustomerByToken(op, token, op.lookAhead.wants('Customer', info, op)),
    customerByReference: (_, { reference }, op, info) =>
      findCustomerByReference(op, reference, op.lookAhead.wants('Customer', info, op)),
    customers: async (_, { filter, orderBy, ...args }, op, info) => {
      const order = orderBy ?? newestFirst;
      const list = listOrder(order);
      const input = {
        filter: filter ?? {},
        conditions: op.lookAhead.conditions(filter ?? {}, op),
        order,
        page: toPageRequest(args, list.name, op),
      };
      const wanted = op.lookAhead.wants('Customer', info, op, [['nodes'], ['edges', 'node']]);
      const [page, total] = await Promise.all([
        listCustomers(op, input, wanted),
        selects(info, ['totalCount']) ? countCustomers(op, input) : null,
      ]);
      return toConnection(page, list, op, total);
    },
  },
  Mutation: {
    createCustomer: async (_, { input }, op, info) =>
      toPayload(await createCustomer(op, input, wantedOfPayload(op, info)), (customer) => ({ customer })),
    upsertCustomer: async (_, { input }, op, info) => ({
      created: false,
      ...toPayload(await upsertCustomer(op, input, wantedOfPayload(op, info)), (upserted) => upserted),
    }),
    updateCustomer: async (_, { input }, op, info) =>
      toPayload(await updateCustomer(op, input, wantedOfPayload(op, info)), (customer) => ({ customer })),
    deleteCustomer: async (_, { input }, op) =>
      toPayload(await deleteCustomer(op, input), (deletedCustomerId) => ({ deletedCustomerId })),
  },
};

/** What a mutation's answer wants of its `customer`. */
export function wantedOfPayload(op: Context, info: GraphQLResolveInfo) {
  return op.lookAhead.wants('Customer', info, op, [['customer']]);
}

function listOrder({ field, direction }: CustomerOrder): ListOrder<Customer> {
  return {
    name: `customers ${field} ${direction}`,
    positionOf: ({ id, createdAt, updatedAt }) => [field === 'CREATED_AT' ? createdAt : updatedAt, id],
  };
}
