import type { Client } from './client.js';

export interface CreatedCustomer {
  readonly id: string;
  readonly token: string;
  readonly version: number;
  readonly addresses: { readonly id: string; readonly label: string }[];
}

/** Creates a customer through the API; every value may be chosen. */
export async function aCustomer(client: Client, input: object = {}): Promise<CreatedCustomer> {
  const answer = await client.execute(
    `mutation ($input: CreateCustomerInput!) {
      createCustomer(input: $input) {
        customer { id token version addresses { id label } }
        userErrors { code field message }
      }
    }`,
    { input: { name: 'Ada Lovelace', ...input } },
  );
  const { customer, userErrors } = answer.expectData().createCustomer;
  if (userErrors.length > 0) throw new Error(`The customer was refused: ${JSON.stringify(userErrors)}`);
  return customer;
}

export interface AddedAddress {
  readonly id: string;
  readonly label: string;
  readonly isDefault: boolean;
}

/** Adds an address to a customer; every value may be chosen. */
export async function anAddress(
  client: Client,
  customerId: string,
  address: object = {},
): Promise<AddedAddress> {
  const answer = await client.execute(
    `mutation ($input: AddAddressInput!) {
      addAddress(input: $input) { address { id label isDefault } userErrors { code field message } }
    }`,
    { input: { customerId, address: { label: 'Home', ...address } } },
  );
  const { address: added, userErrors } = answer.expectData().addAddress;
  if (!added) throw new Error(`The address was refused: ${JSON.stringify(userErrors)}`);
  return added;
}

/** Input of a sandbox card that can be used until 2035. */
export function aCard(card: object = {}): object {
  return { card: { brand: 'VISA', lastFour: '4242', expiry: { month: 12, year: 2035 }, ...card } };
}

/** Input of a verified sandbox bank account. */
export function anAccount(ach: object = {}): object {
  return { ach: { bankAccountType: 'CHECKING', lastFour: '6789', ...ach } };
}

/** Makes a payment token in the sandbox. */
export async function aProviderToken(client: Client, input: object = aCard()): Promise<string> {
  const answer = await client.execute(
    `mutation ($input: CreateSandboxPaymentTokenInput!) {
      createSandboxPaymentToken(input: $input) { token userErrors { code field message } }
    }`,
    { input },
  );
  const { token, userErrors } = answer.expectData().createSandboxPaymentToken;
  if (!token) throw new Error(`The token was refused: ${JSON.stringify(userErrors)}`);
  return token;
}

export interface LinkedPaymentMethod {
  readonly id: string;
  readonly token: string;
  readonly isDefault: boolean;
}

/** Tokenizes a card and links it to a customer; what is linked and how may be chosen. */
export async function aPaymentMethod(
  client: Client,
  customerId: string,
  { tokenize = aCard(), ...input }: { tokenize?: object; [field: string]: unknown } = {},
): Promise<LinkedPaymentMethod> {
  const token = await aProviderToken(client, tokenize);
  const answer = await client.execute(
    `mutation ($input: LinkPaymentMethodInput!) {
      linkPaymentMethod(input: $input) { paymentMethod { id token isDefault } userErrors { code field message } }
    }`,
    { input: { customerId, token, ...input } },
  );
  const { paymentMethod, userErrors } = answer.expectData().linkPaymentMethod;
  if (!paymentMethod) throw new Error(`The link was refused: ${JSON.stringify(userErrors)}`);
  return paymentMethod;
}
