import type { Answer, Client } from './client.js';

const selections: Readonly<Record<string, string>> = {
  createCustomer: 'customer { id name version addresses { label } }',
  upsertCustomer: 'customer { id name version } created',
  updateCustomer: 'customer { id name version }',
  deleteCustomer: 'deletedCustomerId',
  addAddress: 'address { id label } customer { id version addresses { id } }',
  updateAddress: 'address { id label customer { id } } customer { id version }',
  setDefaultAddress: 'address { id isDefault } customer { id version defaultAddress { id } }',
  removeAddress: 'removedAddressId customer { id version addresses { id } }',
  linkPaymentMethod: 'paymentMethod { id token label } customer { id version } existing',
  updatePaymentMethod: 'paymentMethod { id label } customer { id version }',
  setDefaultPaymentMethod: 'paymentMethod { id isDefault } customer { id version }',
  unlinkPaymentMethod: 'unlinkedPaymentMethodId customer { id version paymentMethods { totalCount } }',
  createApiKey: 'apiKey { id label scopes } secret',
  rotateApiKey: 'apiKey { id } secret',
  revokeApiKey: 'apiKey { id revokedAt }',
  createCustomerSession: 'session { token permissions expiresAt customer { id name } }',
  createSandboxPaymentToken: 'token',
};

/** Calls a mutation under an idempotency key, by the directive. */
export function keyed(
  client: Client,
  mutation: string,
  key: string,
  input: object,
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it asks for.
): Promise<Answer<any>> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const fields = `${selections[mutation]} userErrors { code field message }`;
  return client.execute(
    `mutation ($input: ${type}!, $key: String!) { ${mutation}(input: $input) @idempotent(key: $key) { ${fields} } }`,
    { input, key },
  );
}

/** Whether an answer says that it is a replay. */
export function isReplay(answer: Answer<unknown>): boolean {
  const { extensions } = answer.body as { extensions: { idempotency?: unknown } };
  return JSON.stringify(extensions.idempotency) === '{"replayed":true}';
}
