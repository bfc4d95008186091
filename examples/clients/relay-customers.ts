import {
  commitMutation,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getRequest,
  graphql,
} from 'relay-runtime';
import type {
  CreateCustomerInput,
  relayCustomersCreateMutation,
} from './__generated__/relayCustomersCreateMutation.graphql';
import type {
  relayCustomersQuery,
  relayCustomersQuery$variables,
} from './__generated__/relayCustomersQuery.graphql';
import { once } from './once.mjs';

const PAGE = graphql`
  query relayCustomersQuery($count: Int!, $after: String, $filter: CustomerFilter) {
    customers(first: $count, after: $after, filter: $filter) @connection(key: "relayCustomers_customers") {
      edges { node { id name metadata createdAt } }
      pageInfo { hasNextPage endCursor }
    }
  }
`;

const CREATE = graphql`
  mutation relayCustomersCreateMutation($input: CreateCustomerInput!, $key: String!) {
    createCustomer(input: $input) @idempotent(key: $key) {
      customer { id version }
      userErrors { code field message }
    }
  }
`;

/** Asks for a page, which the store joins to those before it. */
export const fetchPage = (environment: Environment, variables: relayCustomersQuery$variables) =>
  fetchQuery<relayCustomersQuery>(environment, PAGE, variables).toPromise();

/** All pages that were asked for, out of the store. */
export function customersIn(environment: Environment, variables: relayCustomersQuery$variables) {
  const operation = createOperationDescriptor(getRequest(PAGE), variables);
  return (environment.lookup(operation.fragment).data as relayCustomersQuery['response']).customers;
}

/** Creates a customer once, however often it has to be sent. */
export const createCustomer = (environment: Environment, input: CreateCustomerInput) =>
  once(
    (key) =>
      new Promise<NonNullable<relayCustomersCreateMutation['response']['createCustomer']>>(
        (resolve, reject) => {
          commitMutation<relayCustomersCreateMutation>(environment, {
            mutation: CREATE,
            variables: { input, key },
            onCompleted: ({ createCustomer }, errors) =>
              createCustomer && !errors ? resolve(createCustomer) : reject({ errors }),
            onError: reject,
          });
        },
      ),
  );
