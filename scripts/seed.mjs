// Fills the merchant of a running server with believable customers, through the API itself. Running it again
// changes nothing: customers are found by their reference, cards by their fingerprint.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faker } from '@faker-js/faker';
import { SingleBar } from 'cli-progress';

const CUSTOMERS = 200;
const AT_ONCE = 8;
const BRANDS = ['VISA', 'MASTERCARD', 'AMEX', 'DISCOVER', 'DINERS', 'JCB', 'UNION_PAY', 'UNKNOWN'];
const TIERS = ['bronze', 'silver', 'gold'];
const LABELS = ['Personal card', 'Business card', 'Family card', 'Travel card'];

const url = process.env.VAULT_URL ?? 'http://127.0.0.1:4000/graphql';
const key =
  process.env.VAULT_API_KEY ??
  readFileSync(join(process.env.VAULT_DATA_DIR ?? '.vault', 'api-key'), 'utf8').trim();

faker.seed(20_230_713);
const thisYear = new Date().getUTCFullYear();
const customers = Array.from({ length: CUSTOMERS }, (_, index) => makeCustomer(index));

const bar = new SingleBar({ format: 'Seeding {bar} {value}/{total} customers' });
bar.start(CUSTOMERS, 0);
const queue = customers.values();
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (const customer of queue) {
      await seed(customer);
      bar.increment();
    }
  }),
);
bar.stop();
console.log(
  `The merchant has ${CUSTOMERS} seeded customers. Try the search in the explorer: "${customers[0].input.name}".`,
);

function makeCustomer(index) {
  const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()];
  const paymentMethods = Array.from(
    { length: faker.number.int({ min: index % 20 === 0 ? 0 : 1, max: 4 }) },
    (_, place) => makePaymentMethod(BRANDS[(index + place) % BRANDS.length]),
  );
  return {
    input: {
      reference: `SEED-${String(index + 1).padStart(4, '0')}`,
      name: `${firstName} ${lastName}`,
      email: faker.internet.email({ firstName, lastName, provider: 'example.com' }),
      phone: faker.phone.number({ style: 'national' }),
      metadata: {
        tier: faker.helpers.arrayElement(TIERS),
        since: String(faker.number.int({ min: 2015, max: thisYear })),
      },
      addresses: faker.helpers
        .arrayElements(['Home', 'Work', 'Holiday'], { min: 1, max: 3 })
        .map(makeAddress),
    },
    paymentMethods,
  };
}

function makeAddress(label) {
  const state = faker.location.state({ abbreviated: true });
  const [line1, city] = [faker.location.streetAddress(), faker.location.city()];
  return { label, line1, city, state, postalCode: faker.location.zipCode('#####'), country: 'USA' };
}

function makePaymentMethod(brand) {
  const lastFour = faker.string.numeric(4);
  if (faker.number.float() < 0.15) {
    const bankAccountType = faker.helpers.arrayElement(['CHECKING', 'SAVINGS']);
    return {
      label: 'Bank account',
      input: { ach: { bankAccountType, lastFour, verified: faker.number.float() < 0.7 } },
    };
  }
  // About one card in ten has expired.
  const year = thisYear + (faker.number.float() < 0.1 ? -1 : faker.number.int({ min: 1, max: 5 }));
  const expiry = { month: faker.number.int({ min: 1, max: 12 }), year };
  const label = LABELS[Number(lastFour) % LABELS.length];
  return { label, input: { card: { brand, lastFour, expiry } } };
}

async function seed({ input, paymentMethods }) {
  const { upsertCustomer } = await send(
    `mutation ($input: UpsertCustomerInput!) {
      upsertCustomer(input: $input) { created customer { id } userErrors { message field } }
    }`,
    { input },
  );
  if (!upsertCustomer.created) return;
  for (const { label, input } of paymentMethods) {
    const { createSandboxPaymentToken } = await send(
      `mutation ($input: CreateSandboxPaymentTokenInput!) {
        createSandboxPaymentToken(input: $input) { token userErrors { message field } }
      }`,
      { input },
    );
    await send(
      `mutation ($input: LinkPaymentMethodInput!) {
        linkPaymentMethod(input: $input) { paymentMethod { id } userErrors { message field } }
      }`,
      { input: { customerId: upsertCustomer.customer.id, token: createSandboxPaymentToken.token, label } },
    );
  }
}

async function send(query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  const problems = errors ?? Object.values(data).flatMap(({ userErrors }) => userErrors);
  if (problems.length > 0) throw new Error(`${response.status} ${JSON.stringify(problems)}`);
  return data;
}
