/** What each workload asks for, in the words of our schema; the hand-written servers have the same names. */

const address = `id label line1 line2 city state postalCode country isDefault`;

const paymentMethod = `id token type label isDefault linkedAt
  card { brand lastFour expiry { month year } }
  ach { bankAccountType lastFour verified }`;

const customer = `id token version reference name email phone createdAt updatedAt
  addresses { ${address} }
  paymentMethods(first: 5) { nodes { ${paymentMethod} } }`;

export const documents = {
  W1: `query Customer($id: ID!) { customer(id: $id) { ${customer} } }`,
  W2: `query Page($after: String) {
    customers(first: 50, after: $after) { nodes { ${customer} } pageInfo { hasNextPage endCursor } }
  }`,
  W3: `mutation Create($input: CreateCustomerInput!) {
    createCustomer(input: $input) {
      customer { id token version name email addresses { ${address} } }
      userErrors { code }
    }
  }`,
  W4: `query Resolve($token: ID!) {
    resolvePaymentToken(token: $token) {
      kind usable unusableReason providerToken
      customer { id name }
      paymentMethod { ${paymentMethod} }
    }
  }`,
  W5: `query Search($search: String!) {
    customers(first: 20, filter: { search: $search }) { totalCount nodes { id name email phone reference } }
  }`,
  W6: `mutation Link($input: LinkPaymentMethodInput!) {
    linkPaymentMethod(input: $input) {
      paymentMethod { ${paymentMethod} }
      customer { id version }
      userErrors { code }
    }
  }`,
  cursor: `query Cursor($reference: String!) {
    customers(first: 1, filter: { reference: $reference }) { edges { cursor } }
  }`,
};

const graphileAddress = `id: rowId label line1 line2 city state postalCode country isDefault`;

const graphilePaymentMethod = `id: rowId token type label isDefault linkedAt
  brand lastFour expiryMonth expiryYear bankAccountType verified`;

const graphileCustomer = `id: rowId token version reference name email phone createdAt updatedAt
  addresses: addressesByCustomerId(orderBy: [IS_DEFAULT_DESC, CREATED_AT_ASC, ROW_ID_ASC]) {
    nodes { ${graphileAddress} }
  }
  paymentMethods: paymentMethodsByCustomerId(first: 5, orderBy: [IS_DEFAULT_DESC, LINKED_AT_DESC, ROW_ID_DESC]) {
    nodes { ${graphilePaymentMethod} }
  }`;

/** The same for the schema that PostGraphile makes of the plain tables. */
export const graphileDocuments = {
  W1: `query Customer($id: String!) { customer: customerByRowId(rowId: $id) { ${graphileCustomer} } }`,
  W2: `query Page($after: Cursor) {
    customers: allCustomers(first: 50, after: $after, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      nodes { ${graphileCustomer} } pageInfo { hasNextPage endCursor }
    }
  }`,
  W3: `mutation Create($input: CreateCustomerWithAddressesInput!) {
    createCustomer: createCustomerWithAddresses(input: $input) {
      customer: result {
        id: rowId token version name email
        addressesByCustomerId { nodes { ${graphileAddress} } }
      }
    }
  }`,
  W5: `query Search($search: String!) {
    customers: searchCustomers(words: $search, first: 20) { totalCount nodes { id: rowId name email phone reference } }
  }`,
  cursor: `query Cursor($id: String!) {
    customers: allCustomers(first: 1, condition: { rowId: $id }, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) {
      edges { cursor }
    }
  }`,
};
