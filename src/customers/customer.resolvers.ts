import type { GraphQLResolveInfo } from 'graphql';
import type { Resolvers } from '../generated/graphql.js';
import { type ListOrder, toConnection, toPageRequest } from '../graphql-kit/connection.js';
import type { Context } from '../graphql-kit/context.js';
import { toPayload } from '../graphql-kit/payload.js';
import { selectionOf, selects } from '../graphql-kit/selection.js';
import { sealedFields } from '../sealing/sealed-value.js';
import { createCustomer } from './create-customer.js';
import type { Customer, CustomerOrder, CustomerProfile } from './customer.js';
import { customerNoun } from './customer.read-plan.js';
import { deleteCustomer } from './delete-customer.js';
import { findCustomer, findCustomerByReference, findCustomerByToken } from './find-customer.js';
import { listCustomers } from './list-customers.js';
import { updateCustomer } from './update-customer.js';
import { upsertCustomer } from './upsert-customer.js';

const newestFirst: CustomerOrder = { field: 'CREATED_AT', direction: 'DESC' };

export const customerResolvers: Resolvers = {
  Query: {
    customer: (_, { id }, op, info) =>
      findCustomer(op, id, op.planner.plan(customerNoun, selectionOf(info), op)),
    customerByToken: (_, { token }, op, info) =>
      findCustomerByToken(op, token, op.planner.plan(customerNoun, selectionOf(info), op)),
    customerByReference: (_, { reference }, op, info) =>
      findCustomerByReference(op, reference, op.planner.plan(customerNoun, selectionOf(info), op)),
    customers: async (_, { filter, orderBy, ...args }, op, info) => {
      const order = orderBy ?? newestFirst;
      const list = listOrder(order);
      const input = {
        filter: filter ?? {},
        conditions: op.planner.conditions(filter ?? {}, op),
        order,
        page: toPageRequest(args, list.name, op),
      };
      const plan = op.planner.plan(customerNoun, selectionOf(info), op, [['nodes'], ['edges', 'node']]);
      const { page, total } = await listCustomers(op, input, { plan, counts: selects(info, ['totalCount']) });
      return toConnection(page, list, op, total);
    },
  },
  Mutation: {
    createCustomer: async (_, { input }, op) =>
      toPayload(await createCustomer(op, input), (customer) => ({ customer })),
    upsertCustomer: async (_, { input }, op, info) => ({
      created: false,
      ...toPayload(await upsertCustomer(op, input, planOfPayload(op, info)), (upserted) => upserted),
    }),
    updateCustomer: async (_, { input }, op, info) =>
      toPayload(await updateCustomer(op, input, planOfPayload(op, info)), (customer) => ({ customer })),
    deleteCustomer: async (_, { input }, op) =>
      toPayload(await deleteCustomer(op, input), (deletedCustomerId) => ({ deletedCustomerId })),
  },
  Customer: sealedFields<CustomerProfile>()('profile', 'name', 'email', 'phone', 'reference', 'metadata'),
};

/** The plan of the `customer` in a mutation's answer. */
export function planOfPayload(op: Context, info: GraphQLResolveInfo) {
  return op.planner.plan(customerNoun, selectionOf(info), op, [['customer']]);
}

function listOrder({ field, direction }: CustomerOrder): ListOrder<Customer> {
  return {
    name: `customers ${field} ${direction}`,
    positionOf: ({ id, createdAt, updatedAt }) => [field === 'CREATED_AT' ? createdAt : updatedAt, id],
  };
}
