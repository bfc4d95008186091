import { graphql } from './generated';

export const Customers = graphql(`
  query Customers($first: Int!, $after: String, $filter: CustomerFilter) {
    customers(first: $first, after: $after, filter: $filter) {
      nodes { id name metadata createdAt }
      pageInfo { hasNextPage endCursor }
    }
  }
`);

export const CreateCustomer = graphql(`
  mutation CreateCustomer($input: CreateCustomerInput!, $key: String!) {
    createCustomer(input: $input) @idempotent(key: $key) {
      customer { id version metadata createdAt }
      userErrors { code field message }
    }
  }
`);
