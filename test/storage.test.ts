import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import pg from 'pg';
import { aDataDirectory, ChildServer, removeDataDirectories } from './support/child-server.js';
import { Client } from './support/client.js';
import { queryAs } from './support/database.js';
import { aCustomer, aPaymentMethod } from './support/factories.js';

// Each is found nowhere else; words are lower case, since that is how search would keep them.
const canaries = {
  name: 'zoraqivex',
  email: 'mubrafelk@qwylzup.example',
  phone: '+49 151 73910284',
  reference: 'kvartzupem-8861',
  metadataKey: 'plimdorkey',
  metadataValue: 'hyxworbval',
  addressLabel: 'drumpfilab',
  addressLine: 'snorvakstrasse 77',
  addressLine2: 'gluffenhof',
  city: 'brazzelheim',
  state: 'quixstorbz',
  postalCode: 'ZK94 QWXH81',
  methodLabel: 'vintrolcard',
  billingName: 'ossimbrewk',
  billingEmail: 'frulk@zwintmo.example',
  billingPhone: '+1 602 8820 4417',
  billingLine: 'crundelway 12',
  billingCity: 'tofflegrad',
  updatedName: 'wexmirquol',
};

/** A good card number, as no other test has it; it is sent and refused everywhere. */
const cardNumber = '5438291670354816';

let dataDir: string;
let server: ChildServer;
let secrets: Readonly<Record<string, string>>;
/** What to look for of each secret. */
let forms: { name: string; plain: Buffer; others: Buffer[] }[];
/** Every value of every column, as the owner of the database reads it, one table a row. */
let dump: { table: string; text: string }[];

beforeAll(async () => {
  dataDir = await aDataDirectory();
  server = new ChildServer({ VAULT_DATA_DIR: dataDir });
  const url = await server.ready();
  const key = server.announcedKey ?? '';
  const client = new Client(url, { authorization: `Bearer ${key}` });
  const providerToken = await writeEverything(client);
  const keySecret = key.slice(-43);
  secrets = { ...canaries, providerToken, keySecret, cardNumber, ...(await makeCredentials(client)) };
  forms = Object.entries(secrets).map(([name, secret]) => ({
    name,
    plain: Buffer.from(secret.toLowerCase()),
    others: formsOf(secret),
  }));
  const databaseUrl = (await readFile(join(dataDir, 'database-url'), 'utf8')).trim();
  dump = await dumpOf(databaseUrl);
  await queryAs(databaseUrl, 'checkpoint');
  await server.stop();
});

afterAll(async () => {
  await server.stop('SIGKILL');
  await removeDataDirectories();
});

/** Sends every canary through the API, and resolves to the token of the tokenization provider. */
async function writeEverything(client: Client): Promise<string> {
  const billingDetails = {
    name: canaries.billingName,
    email: canaries.billingEmail,
    phone: canaries.billingPhone,
    address: { line1: canaries.billingLine, city: canaries.billingCity },
  };
  const customer = await aCustomer(client, {
    name: canaries.name,
    email: canaries.email,
    phone: canaries.phone,
    reference: canaries.reference,
    metadata: { [canaries.metadataKey]: canaries.metadataValue },
    addresses: [
      {
        label: canaries.addressLabel,
        line1: canaries.addressLine,
        line2: canaries.addressLine2,
        city: canaries.city,
        state: canaries.state,
        postalCode: canaries.postalCode,
      },
    ],
  });
  const tokenize = {
    card: { brand: 'VISA', lastFour: '4242', expiry: { month: 12, year: 2035 } },
    billingDetails,
  };
  await aPaymentMethod(client, customer.id, { tokenize, label: canaries.methodLabel });
  const resolved = await client.execute(
    'query Canary($token: ID!) { resolvePaymentToken(token: $token) { providerToken } }',
    { token: customer.token },
  );
  await client.execute(
    `query ($f: CustomerFilter) { customers(filter: $f) { nodes { name email phone reference metadata } } }`,
    { f: { search: canaries.name, email: canaries.email, phone: canaries.phone } },
  );
  const updated = await client.execute(
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { name } userErrors { code } } }',
    { input: { id: customer.id, name: canaries.updatedName } },
  );
  // A refused write must not end up in PostgreSQL's log either.
  const refused = await client.execute(
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code field } } }',
    { input: { name: canaries.name, reference: canaries.reference } },
  );
  await sendCardNumber(client, customer.id);
  expect(updated.expectData().updateCustomer.customer).toEqual({ name: canaries.updatedName });
  expect(refused.expectUserErrors()).toEqual([{ code: 'TAKEN', field: ['input', 'reference'] }]);
  return resolved.expectData().resolvePaymentToken.providerToken;
}

/** Makes a key, gives it another secret, and makes a session; all three secrets are still good. */
async function makeCredentials(client: Client): Promise<Record<string, string>> {
  const made = await client.execute(
    `mutation { createApiKey(input: { label: "Shop", scopes: [CUSTOMERS_READ] }) { apiKey { id } secret } }`,
  );
  const { apiKey, secret } = made.expectData().createApiKey;
  const rotated = await client.execute(
    `mutation { rotateApiKey(input: { id: "${apiKey.id}", overlapSeconds: 3600 }) { secret } }`,
  );
  const { id } = await aCustomer(client);
  const session = await client.execute(
    `mutation { createCustomerSession(input: { customerId: "${id}" }) { session { token } } }`,
  );
  return {
    oldSecret: secret.slice(-43),
    newSecret: rotated.expectData().rotateApiKey.secret.slice(-43),
    sessionSecret: session.expectData().createCustomerSession.session.token.slice(-43),
  };
}

/** Sends the card number wherever a caller can put one. */
async function sendCardNumber(client: Client, id: string): Promise<void> {
  const create =
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code } } }';
  const update =
    'mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { userErrors { code } } }';
  const refused = await Promise.all([
    client.execute(create, { input: { name: cardNumber } }),
    client.execute(create, { input: { name: 'a', metadata: { [cardNumber]: cardNumber } } }),
    client.execute(update, { input: { id, reference: cardNumber } }),
    client.execute(update, { input: { id, phone: cardNumber } }),
  ]);
  expect(refused.map((answer) => answer.expectUserErrors()[0]?.code)).toEqual(
    refused.map(() => 'CARD_NUMBER_REFUSED'),
  );
  const answers = await Promise.all([
    client.execute(create, { input: { name: 'a', [cardNumber]: cardNumber } }),
    client.execute(
      `{ customer(id: "${cardNumber}") { id } customers(after: "${cardNumber}") { totalCount } }`,
    ),
    client.execute(`query _${cardNumber}($_${cardNumber}: Int) { _${cardNumber} }`),
    client.execute('query ($f: CustomerFilter) { customers(filter: $f) { totalCount } }', {
      f: { search: cardNumber, reference: cardNumber, metadata: [{ key: cardNumber, value: cardNumber }] },
    }),
  ]);
  expect(answers.filter(({ body }) => JSON.stringify(body).includes(cardNumber))).toEqual([]);
  await fetch(`${client.url}/${cardNumber}?${cardNumber}`, { headers: { 'user-agent': cardNumber } });
}

async function dumpOf(databaseUrl: string): Promise<{ table: string; text: string }[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    const tables = [];
    for (const { name } of rows) {
      const { rows: texts } = await client.query<{ text: string }>(
        `select coalesce(string_agg(t::text, E'\\n'), '') as text from ${name} t`,
      );
      tables.push({ table: name, text: texts[0]?.text ?? '' });
    }
    return tables;
  } finally {
    await client.end();
  }
}

/** The forms other than plain text in which a text may hide among other bytes. */
function formsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text);
  const utf16 = Buffer.from(text, 'utf16le');
  // Of base64 there are three, by where the text stands in its group of three bytes; the ends depend on neighbours.
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), utf8])
      .toString('base64')
      .replace(/=+$/, '')
      .slice(offset ? 4 : 0, -2),
  );
  const texts = [utf8.toString('hex'), utf8.toString('hex').toUpperCase(), utf16.toString('hex'), ...base64];
  return [utf16, Buffer.from(utf16).swap16(), ...texts.map((form) => Buffer.from(form))];
}

/** The names of the secrets that stand in some bytes in any form. Case does not count for plain text. */
function found(bytes: Buffer): string[] {
  const lower = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1');
  return forms
    .filter(({ plain, others }) => lower.includes(plain) || others.some((form) => bytes.includes(form)))
    .map(({ name }) => name);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('finds each secret in each of the forms that it looks for', () => {
  for (const [name, secret] of Object.entries(secrets)) {
    const utf16 = Buffer.from(`x${secret}x`, 'utf16le');
    const hidden = [
      Buffer.from(`x${secret.toUpperCase()}x`),
      utf16,
      Buffer.from(Buffer.from(secret).toString('hex')),
      ...['', 'a', 'ab'].map((before) =>
        Buffer.from(Buffer.from(`${before}${secret}xyz`).toString('base64')),
      ),
    ];
    expect(hidden.map((bytes) => found(bytes).includes(name))).toEqual(hidden.map(() => true));
  }
});

test('keeps nothing that tells of a person or opens anything readable in any file, the first key aside', async () => {
  const files = await filesBelow(dataDir);
  const findings = [];
  for (const file of files) {
    const names = found(await readFile(file));
    if (names.length > 0) findings.push([relative(dataDir, file), names]);
  }

  expect(files.length).toBeGreaterThan(500);
  expect(files.some((file) => /pg_wal\/[0-9A-F]{24}$/.test(file))).toBe(true);
  expect(findings).toEqual([['api-key', ['keySecret']]]);
}, 60_000);

test('writes nothing that tells of a person to its output, and of the key only its announcements', () => {
  const announcement = /^(First API key .*|Customer Vault is ready\. .*#key=.*)$/gm;

  expect(server.stdout.match(announcement)).toHaveLength(2);
  expect(found(Buffer.from(server.stdout.replaceAll(announcement, '') + server.stderr))).toEqual([]);
});

test('keeps nothing that tells of a person or opens anything readable in any column', () => {
  expect(dump.map(({ table }) => table)).toEqual(
    expect.arrayContaining(['customers', 'addresses', 'payment_methods', 'api_keys', 'customer_sessions']),
  );
  for (const table of ['customers', 'api_keys', 'customer_sessions'])
    expect(dump.find((dumped) => dumped.table === table)?.text).not.toBe('');
  expect(dump.filter(({ text }) => found(Buffer.from(text)).length > 0)).toEqual([]);
});
