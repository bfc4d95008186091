import type { Answer, Client } from './client.js';
import { ADDRESS, CUSTOMER, PAYMENT_METHOD } from './whole-customer.js';

/** What each change of something that belongs to a customer answers beside the customer. */
const answers = {
  addAddress: `address { ${ADDRESS} }`,
  updateAddress: `address { ${ADDRESS} }`,
  setDefaultAddress: `address { ${ADDRESS} }`,
  removeAddress: 'removedAddressId',
  linkPaymentMethod: `paymentMethod { ${PAYMENT_METHOD} } existing`,
  updatePaymentMethod: `paymentMethod { ${PAYMENT_METHOD} }`,
  setDefaultPaymentMethod: `paymentMethod { ${PAYMENT_METHOD} }`,
  unlinkPaymentMethod: 'unlinkedPaymentMethodId',
};

export type Change = keyof typeof answers;

/** Sends one change and asks for everything that it can answer. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into what it asks for.
export function change(client: Client, mutation: Change, input: object): Promise<Answer<any>> {
  const inputType = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const fields = `${answers[mutation]} customer { ${CUSTOMER} } userErrors { code field message }`;
  return client.execute(`mutation ($input: ${inputType}!) { ${mutation}(input: $input) { ${fields} } }`, {
    input,
  });
}

/** The payload of a change that succeeds. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into what it asks for.
export async function changed(client: Client, mutation: Change, input: object): Promise<any> {
  const { userErrors, ...payload } = (await change(client, mutation, input)).expectData()[mutation];
  if (userErrors.length > 0) throw new Error(`${mutation} was refused: ${JSON.stringify(userErrors)}`);
  return payload;
}
