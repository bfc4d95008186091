// Fills the merchant of a running server with believable customers, through the API itself. Running it again
// changes nothing: customers are found by their reference, cards by their fingerprint.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { faker } from '@faker-js/faker';
import { SingleBar } from 'cli-progress';

const CUSTOMERS = 200;
const AT_ONCE = 8;
const BRANDS = ['VISA', 'MASTERCARD', 'AMEX', 'DISCOVER', 'DINERS', 'JCB', 'UNION_PAY', 'UNKNOWN'];
const TIERS = ['bronze', 'silver', 'gold'];
const thisYear = new Date().getUTCFullYear();
const LABELS = ['Personal card', 'Business card', 'Family card', 'Travel card'];

/** Fills the merchant of the server that listens where these variables of the environment say. */
export async function seed(environment) {
  const server = { url: urlOf(environment), key: await keyOf(environment) };
  faker.seed(20_230_713);
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => makeCustomer(index));
  const progress = startProgress();
  const queue = customers.values();
  try {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const customer of queue) {
          await seedCustomer(server, customer);
          progress.increment();
        }
      }),
    );
  } finally {
    progress.stop();
  }
  const example = customers[0].input.name;
  console.log(
    `The merchant has ${CUSTOMERS} seeded customers. Try the search in the explorer: "${example}".`,
  );
}

function urlOf({ VAULT_URL, HOST, PORT }) {
  if (VAULT_URL) return VAULT_URL;
  if (PORT?.includes('/')) throw new Error('The server listens on a socket: give its address in VAULT_URL.');
  if (PORT === '0') throw new Error("The port is not known: give the server's address in VAULT_URL.");
  const host = !HOST || HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT || 4000}/graphql`;
}

async function keyOf({ VAULT_API_KEY, VAULT_DATA_DIR, DATABASE_URL }) {
  if (VAULT_API_KEY) return VAULT_API_KEY;
  const advice = 'give an API key of a test merchant in VAULT_API_KEY.';
  if (DATABASE_URL) throw new Error(`With DATABASE_URL no key is kept in a file: ${advice}`);
  const file = join(VAULT_DATA_DIR || '.vault', 'api-key');
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw new Error(`There is no API key in ${file}: start the server first, or ${advice}`);
  return text.trim();
}

/** A bar in a terminal, a line now and then elsewhere. */
function startProgress() {
  if (process.stdout.isTTY) {
    const bar = new SingleBar({ format: 'Seeding {bar} {value}/{total} customers', stream: process.stdout });
    bar.start(CUSTOMERS, 0);
    return bar;
  }
  let done = 0;
  const increment = () => {
    done += 1;
    if (done % 50 === 0) console.log(`Seeded ${done} of ${CUSTOMERS} customers.`);
  };
  return { increment, stop: () => {} };
}

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

async function seedCustomer(server, { input, paymentMethods }) {
  const { upsertCustomer } = await send(
    server,
    `mutation ($input: UpsertCustomerInput!) {
      upsertCustomer(input: $input) { created customer { id } userErrors { message field } }
    }`,
    { input },
  );
  if (!upsertCustomer.created) return;
  for (const { label, input } of paymentMethods) {
    const { createSandboxPaymentToken } = await send(
      server,
      `mutation ($input: CreateSandboxPaymentTokenInput!) {
        createSandboxPaymentToken(input: $input) { token userErrors { message field } }
      }`,
      { input },
    );
    await send(
      server,
      `mutation ($input: LinkPaymentMethodInput!) {
        linkPaymentMethod(input: $input) { paymentMethod { id } userErrors { message field } }
      }`,
      { input: { customerId: upsertCustomer.customer.id, token: createSandboxPaymentToken.token, label } },
    );
  }
}

async function send({ url, key }, query, variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
  }).catch(({ cause }) => {
    throw new Error(
      `No server answers at ${url} (${cause?.code ?? 'no reason given'}): start it, or give its address in VAULT_URL.`,
    );
  });
  const { data, errors } = await response.json().catch(() => {
    throw new Error(`What answers at ${url} is no vault (status ${response.status}).`);
  });
  const problems = errors ?? Object.values(data).flatMap(({ userErrors }) => userErrors);
  const [problem] = problems;
  if (problem) throw new Error(`The server refused it (status ${response.status}): ${problem.message}`);
  return data;
}
