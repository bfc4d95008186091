import { randomUUID } from 'node:crypto';
import { newId } from './ids.mjs';
import { personAt } from './people.mjs';
import { sealAddress, sealCustomer, sealPaymentMethod } from './sealed-rows.mjs';

const MINUTE = 60_000;

/**
 * Makes the rows of customers: for the vault as its mutations would have left them, and for the others the same in
 * plain text. Each of a customer's payment methods was linked a minute after the last.
 */
export function rowMaker(merchant) {
  return (number, share) => {
    const { createdAt, input, methods } = personAt(number, share);
    const { addresses, ...profile } = input;
    const ids = idsFrom(createdAt);
    const customer = { id: ids(), token: randomUUID(), createdAt, profile };
    const owned = {
      addresses: addresses.map((lines, index) => ({ id: ids(), lines, isDefault: index === 0 })),
      methods: methods.map((details, index) => ({
        id: ids(),
        customerId: customer.id,
        token: randomUUID(),
        details,
        secrets: { label: index === 0 ? 'Main' : null, providerToken: randomUUID() },
        linkedAt: new Date(createdAt.getTime() + (index + 1) * MINUTE),
      })),
    };
    return { vault: vaultRows(merchant, customer, owned), plain: plainRows(customer, owned) };
  };
}

/** Ids of one instant, each above the last. */
function idsFrom(instant) {
  const first = newId(instant.getTime());
  let count = 0;
  return () => first.slice(0, -2) + String(count++).padStart(2, '0');
}

/** Rows by table, as `json_populate_recordset` reads them. */
function vaultRows(merchant, { id, token, createdAt, profile }, { addresses, methods }) {
  const own = { merchant_id: merchant.id };
  const times = { created_at: createdAt, updated_at: createdAt };
  const sealed = sealCustomer(merchant, id, profile);
  return {
    customers: [
      {
        ...own,
        id,
        token,
        version: 1 + methods.length,
        ...bytesIn(sealed.customer),
        default_address_id: addresses.find(({ isDefault }) => isDefault)?.id ?? null,
        default_payment_method_id: methods[0]?.id ?? null,
        created_at: createdAt,
        updated_at: methods.at(-1)?.linkedAt ?? createdAt,
      },
    ],
    customer_search: [{ ...own, customer_id: id, ...sealed.search }],
    addresses: addresses.map((address) => ({
      ...own,
      id: address.id,
      customer_id: id,
      sealed: bytes(sealAddress(merchant, address.id, id, address.lines)),
      ...times,
    })),
    payment_methods: methods.map((method) => vaultMethodRow(merchant, method)),
    linked_tokens: methods.map(({ secrets, linkedAt }) => ({
      ...own,
      provider: 'sandbox',
      token_hash: bytes(merchant.hash('provider-token', secrets.providerToken)),
      linked_at: linkedAt,
    })),
  };
}

/** The row of one linked payment method. */
export function vaultMethodRow(merchant, { id, customerId, token, details, secrets, linkedAt }) {
  const { sealed, fingerprint } = sealPaymentMethod(merchant, id, customerId, details, secrets);
  return {
    merchant_id: merchant.id,
    id,
    customer_id: customerId,
    token,
    provider: 'sandbox',
    type: details.type,
    brand: details.brand,
    last_four: details.lastFour,
    expiry_month: details.expiry?.month,
    expiry_year: details.expiry?.year,
    cvc_check: details.cvcCheck,
    address_check: details.addressCheck,
    token_type: details.tokenType,
    bank_account_type: details.bankAccountType,
    verified: details.verified,
    fingerprint: bytes(fingerprint),
    sealed: bytes(sealed),
    created_at: linkedAt,
    linked_at: linkedAt,
    updated_at: linkedAt,
  };
}

function plainRows({ id, token, createdAt, profile }, { addresses, methods }) {
  const times = { created_at: createdAt, updated_at: createdAt };
  return {
    customers: [
      {
        id,
        token,
        version: 1 + methods.length,
        ...profile,
        created_at: createdAt,
        updated_at: methods.at(-1)?.linkedAt ?? createdAt,
      },
    ],
    addresses: addresses.map(({ id: addressId, lines: { postalCode, ...lines }, isDefault }) => ({
      id: addressId,
      customer_id: id,
      ...lines,
      postal_code: postalCode,
      is_default: isDefault,
      ...times,
    })),
    payment_methods: methods.map((method, index) => plainMethodRow(method, index === 0)),
  };
}

/** The row of one linked payment method in plain text. */
function plainMethodRow({ details, secrets, linkedAt, ...method }, isDefault) {
  return {
    id: method.id,
    customer_id: method.customerId,
    token: method.token,
    provider_token: secrets.providerToken,
    type: details.type,
    label: secrets.label,
    brand: details.brand,
    last_four: details.lastFour,
    expiry_month: details.expiry?.month,
    expiry_year: details.expiry?.year,
    bank_account_type: details.bankAccountType,
    verified: details.verified,
    is_default: isDefault,
    created_at: linkedAt,
    linked_at: linkedAt,
    updated_at: linkedAt,
  };
}

function bytesIn(columns) {
  return Object.fromEntries(Object.entries(columns).map(([name, buffer]) => [name, bytes(buffer)]));
}

/** Bytes as PostgreSQL reads them in JSON. */
export function bytes(buffer) {
  return `\\x${buffer.toString('hex')}`;
}
