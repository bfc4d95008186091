// The limit of what the vault promises: as the bare server, but on the vault's own tables. It opens and seals the same
// values and makes the same hashes. No GraphQL, no keys of callers, no limits.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newId } from '../lib/ids.mjs';
import { sealAddress, sealCustomer, sealPaymentMethod } from '../lib/sealed-rows.mjs';
import { sealedStatements } from '../lib/sealed-sql.mjs';
import { openMerchant } from '../lib/sealing.mjs';
import { searchTermsOf } from '../lib/search-terms.mjs';
import { whyUnusable } from './shared/methods.mjs';
import { serve } from './shared/serve.mjs';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
const merchant = await openMerchant(pool, process.env.VAULT_KEY_FILE);

async function send(name, values) {
  const { rows } = await pool.query({ name, text: sealedStatements[name], values: [merchant.id, ...values] });
  return rows.length > 0 ? JSON.parse(rows[0].answer) : null;
}

/** What each workload answers with, by the name of its field. */
const answers = {
  W1: async ({ id }) => {
    const row = await send('W1', [id]);
    return { customer: row && customerOf(row) };
  },
  W2: async ({ after }) => {
    const { nodes, pageInfo } = await send('W2', after?.split('|') ?? [null, '']);
    return { customers: { nodes: nodes.map(customerOf), pageInfo } };
  },
  W3: async ({ input }) => ({ createCustomer: { customer: await createCustomer(input), userErrors: [] } }),
  W4: async ({ token }) => {
    const row = await send('W4', [token]);
    return { resolvePaymentToken: row && resolutionOf(row) };
  },
  W5: async ({ search }) => {
    const { indexed, others } = searchTermsOf(search);
    const found = await send('W5', [merchant.hashTerms(indexed), merchant.hashTerms(others)]);
    return { customers: { totalCount: found.totalCount, nodes: found.nodes.map(foundCustomerOf) } };
  },
  W6: async ({ input }) => ({ linkPaymentMethod: { ...(await linkPaymentMethod(input)), userErrors: [] } }),
};

serve(async (workload, variables) => JSON.stringify({ data: await answers[workload](variables) }));

function customerOf({ id, token, version, sealed, createdAt, updatedAt, addresses, paymentMethods }) {
  const { name, email, phone, reference } = merchant.open('customers', id, id, sealed);
  return {
    id,
    token,
    version,
    reference,
    name,
    email,
    phone,
    createdAt,
    updatedAt,
    addresses: addresses.map((address) => addressOf(address, id)),
    paymentMethods: { nodes: paymentMethods.map((method) => paymentMethodOf(method, id).shown) },
  };
}

function addressOf({ id, sealed, isDefault }, customerId) {
  return { id, isDefault, ...merchant.open('addresses', id, customerId, sealed) };
}

function paymentMethodOf({ id, token, type, sealed, isDefault, linkedAt, card, ach }, customerId) {
  const { label, providerToken } = merchant.open('payment_methods', id, customerId, sealed);
  return { shown: { id, token, type, label, isDefault, linkedAt, card, ach }, providerToken };
}

function foundCustomerOf({ id, sealed }) {
  const { name, email, phone, reference } = merchant.open('customers', id, id, sealed);
  return { id, name, email, phone, reference };
}

function resolutionOf({ kind, customer: { id, sealed }, paymentMethod }) {
  const method = paymentMethod && paymentMethodOf(paymentMethod, id);
  const unusableReason = method ? whyUnusable(method.shown) : 'NO_DEFAULT_PAYMENT_METHOD';
  const usable = unusableReason === null;
  return {
    kind,
    usable,
    unusableReason,
    providerToken: usable ? method.providerToken : null,
    customer: { id, name: merchant.open('customers', id, id, sealed).name },
    paymentMethod: method?.shown ?? null,
  };
}

async function createCustomer({ addresses: lines, ...profile }) {
  const [id, token, createdAt] = [newId(), randomUUID(), new Date()];
  const addresses = lines.map((address, index) => ({ id: newId(), ...address, isDefault: index === 0 }));
  const { customer, search } = sealCustomer(merchant, id, profile);
  await send('W3', [
    id,
    token,
    customer.sealed,
    customer.email_hash,
    customer.phone_hash,
    customer.reference_hash,
    addresses[0].id,
    createdAt,
    search.terms,
    search.more_terms,
    addresses.map((address) => address.id),
    addresses.map((address) => sealAddress(merchant, address.id, id, address)),
  ]);
  return { id, token, version: 1, name: profile.name, email: profile.email, addresses };
}

async function linkPaymentMethod({ customerId, token: providerToken }) {
  const found = await findToken(providerToken);
  const { type, brand, lastFour, expiry, cvcCheck, addressCheck, tokenType } = found.details;
  const [id, token, linkedAt] = [newId(), randomUUID(), new Date()];
  const secrets = { label: null, providerToken };
  const sealed = sealPaymentMethod(merchant, id, customerId, found.details, secrets);
  const { version, isDefault } = await send('W6', [
    customerId,
    id,
    token,
    sealed.sealed,
    sealed.fingerprint,
    sealed.tokenHash,
    linkedAt,
    found.createdAt,
    brand,
    lastFour,
    expiry.month,
    expiry.year,
    cvcCheck,
    addressCheck,
    tokenType,
  ]);
  const card = { brand, lastFour, expiry };
  return {
    paymentMethod: { id, token, type, label: null, isDefault, linkedAt, card, ach: null },
    customer: { id: customerId, version },
  };
}

/** The card that a token of the sandbox stands for. */
async function findToken(token) {
  const hash = merchant.hash('sandbox-token', token);
  const { sealed, createdAt } = await send('token', [hash]);
  const { details } = merchant.open('sandbox_tokens', hash.toString('hex'), '', sealed);
  return { details, createdAt };
}
