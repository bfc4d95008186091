import { startVault, type TestVault } from './support/vault.js';

// The two calls of the documentation that this project reimplements, with its values; enums in upper case.
const email = 'john.doe@example.com';
const address = {
  label: 'Work',
  city: 'Scottsdale',
  country: 'USA',
  postalCode: '85251',
  state: 'AZ',
  line1: '7272 Indian School Dr',
  isDefault: true,
};
const id = /^[0-9a-f]{24}$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

test('answers the documented creation of a customer as documented', async () => {
  const answer = await vault.owner.execute(
    `mutation ($input: CreateCustomerInput!) {
      createCustomer(input: $input) {
        customer {
          id token createdAt updatedAt name email phone
          addresses { label city country line1 postalCode state isDefault }
        }
      }
    }`,
    { input: { name: 'John Doe', email, phone: '5551234567', addresses: [address] } },
  );

  const { customer } = answer.expectData().createCustomer;
  expect(customer).toEqual({
    id: expect.stringMatching(id),
    token: expect.stringMatching(uuid),
    createdAt: expect.stringMatching(instant),
    updatedAt: customer.createdAt,
    name: 'John Doe',
    email,
    phone: '5551234567',
    addresses: [address],
  });
});

test('answers the documented link of a payment method as documented', async () => {
  const billingDetails = {
    email,
    name: 'John Doe',
    phone: '5551234567',
    address: {
      city: 'Scottsdale',
      country: 'USA',
      line1: '7272 E Indian School Rd',
      postalCode: '85251',
      state: 'AZ',
    },
  };
  const created = await vault.owner.execute(
    `mutation { createCustomer(input: { name: "John Doe" }) { customer { id } } }`,
  );
  const tokenized = await vault.owner.execute(
    `mutation ($input: CreateSandboxPaymentTokenInput!) { createSandboxPaymentToken(input: $input) { token } }`,
    {
      input: { card: { brand: 'VISA', lastFour: '1111', expiry: { month: 9, year: 2024 } }, billingDetails },
    },
  );
  const { token } = tokenized.expectData().createSandboxPaymentToken;

  const answer = await vault.owner.execute(
    `mutation ($input: LinkPaymentMethodInput!) {
      linkPaymentMethod(input: $input) {
        paymentMethod {
          type token updatedAt createdAt
          billingDetails { email name phone address { city country line1 postalCode state } }
          label isDefault
          card { brand lastFour checks { cvcCheck addressCheck } expiry { month year } tokenType }
        }
      }
    }`,
    {
      input: {
        customerId: created.expectData().createCustomer.customer.id,
        token,
        isDefault: true,
        label: 'My Visa Card',
      },
    },
  );

  const { paymentMethod } = answer.expectData().linkPaymentMethod;
  expect(paymentMethod).toEqual({
    type: 'CARD',
    token: expect.stringMatching(uuid),
    updatedAt: expect.stringMatching(instant),
    createdAt: expect.stringMatching(instant),
    billingDetails,
    label: 'My Visa Card',
    isDefault: true,
    card: {
      brand: 'VISA',
      lastFour: '1111',
      checks: { cvcCheck: 'FULL_MATCH', addressCheck: 'NOT_VERIFIED' },
      expiry: { month: 9, year: 2024 },
      tokenType: 'PLATFORM',
    },
  });
  expect(paymentMethod.token).not.toBe(token);
});
