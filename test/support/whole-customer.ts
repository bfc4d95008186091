import type { Client } from './client.js';

/** All of an address but what leads to other objects. */
export const ADDRESS = 'id label line1 line2 city state postalCode country isDefault createdAt updatedAt';

/** All of a payment method but what leads to other objects. */
export const PAYMENT_METHOD = `id token type label isDefault fingerprint usable unusableReason
  billingDetails { name email phone address { line1 line2 city state postalCode country } }
  card { brand lastFour checks { cvcCheck addressCheck } expiry { month year } tokenType }
  ach { bankAccountType lastFour verified }
  createdAt linkedAt updatedAt`;

/** All of a customer, and all that belongs to it: the first hundred of its payment methods. */
export const CUSTOMER = `id token reference name email phone metadata version createdAt updatedAt
  addresses { ${ADDRESS} }
  defaultAddress { ${ADDRESS} }
  paymentMethods(first: 100) { totalCount nodes { ${PAYMENT_METHOD} } }
  defaultPaymentMethod { ${PAYMENT_METHOD} }`;

/** A customer as it is now, with all that belongs to it, to compare before and after. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into what it asks for.
export async function wholeCustomer(client: Client, id: string): Promise<any> {
  const answer = await client.execute(`query ($id: ID!) { customer(id: $id) { ${CUSTOMER} } }`, { id });
  const { customer } = answer.expectData();
  if (!customer) throw new Error('There is no such customer.');
  return customer;
}
