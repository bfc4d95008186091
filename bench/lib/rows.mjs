import { randomUUID } from 'node:crypto';
import { personAt } from './people.mjs';

const MINUTE = 60_000;

/**
 * Makes the rows of customers: for the vault with the server's own code, as the mutations would have left them,
 * and for the others the same in plain text. Each of a customer's payment methods was linked a minute after the last.
 */
export function rowMaker(vaultModules, merchant) {
  let at = new Date(0);
  const ids = new vaultModules.IdGenerator(() => at);
  return (number, share) => {
    const person = personAt(number, share);
    at = person.createdAt;
    const read = vaultModules.readCustomerDraft({ ids }, person.input, ['input']);
    if (!read.ok) throw new Error(`The server would refuse the customer ${number}.`);
    const { profile, addresses } = read.value;
    const customer = { id: ids.next(), token: randomUUID(), createdAt: at };
    const methods = person.methods.map((details, index) => ({
      id: ids.next(),
      customerId: customer.id,
      token: randomUUID(),
      details,
      secrets: { label: index === 0 ? 'Main' : null, billingDetails: null, providerToken: randomUUID() },
      linkedAt: new Date(at.getTime() + (index + 1) * MINUTE),
    }));
    return {
      vault: vaultRows(vaultModules, merchant, { customer, profile, addresses, methods }),
      plain: plainRows({ customer, profile, addresses, methods }),
    };
  };
}

/** Rows by table, as `json_populate_recordset` reads them. */
function vaultRows(modules, merchant, { customer, profile, addresses, methods }) {
  const own = { merchant_id: merchant.id };
  const times = { created_at: customer.createdAt, updated_at: customer.createdAt };
  const hashes = modules.hashesOf(merchant, profile);
  const terms = modules.searchTermsOf(merchant, profile);
  return {
    customers: [
      {
        ...own,
        id: customer.id,
        token: customer.token,
        version: 1 + methods.length,
        sealed: bytes(merchant.vault.seal(modules.placeOf(customer.id), profile)),
        email_hash: bytes(hashes.email),
        phone_hash: bytes(hashes.phone),
        reference_hash: bytes(hashes.reference),
        default_address_id: addresses.find(({ isDefault }) => isDefault)?.id ?? null,
        default_payment_method_id: methods[0]?.id ?? null,
        created_at: customer.createdAt,
        updated_at: methods.at(-1)?.linkedAt ?? customer.createdAt,
      },
    ],
    customer_search: [{ ...own, customer_id: customer.id, terms: terms.indexed, more_terms: terms.others }],
    addresses: addresses.map((draft) => ({
      ...own,
      id: draft.id,
      customer_id: customer.id,
      sealed: bytes(modules.sealAddress(merchant, customer.id, draft)),
      ...times,
    })),
    payment_methods: methods.map((method) => vaultMethodRow(modules, merchant, method)),
    linked_tokens: methods.map(({ secrets, linkedAt }) => ({
      ...own,
      provider: 'sandbox',
      token_hash: bytes(merchant.vault.hash('provider-token', secrets.providerToken)),
      linked_at: linkedAt,
    })),
  };
}

/** The row of one linked payment method. */
export function vaultMethodRow({ sealPaymentMethod }, merchant, method) {
  const { details, linkedAt } = method;
  const isCard = details.type === 'CARD';
  return {
    merchant_id: merchant.id,
    id: method.id,
    customer_id: method.customerId,
    token: method.token,
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
    fingerprint: bytes(merchant.vault.hash('fingerprint', `sandbox\0${fingerprintOf(details, isCard)}`)),
    sealed: bytes(sealPaymentMethod(merchant, method, method.secrets)),
    created_at: linkedAt,
    linked_at: linkedAt,
    updated_at: linkedAt,
  };
}

function fingerprintOf(details, isCard) {
  return isCard
    ? `${details.brand} ${details.lastFour} ${details.expiry.year}-${details.expiry.month}`
    : `${details.bankAccountType} ${details.lastFour}`;
}

function plainRows({ customer, profile, addresses, methods }) {
  const times = { created_at: customer.createdAt, updated_at: customer.createdAt };
  return {
    customers: [
      {
        id: customer.id,
        token: customer.token,
        version: 1 + methods.length,
        ...profile,
        created_at: customer.createdAt,
        updated_at: methods.at(-1)?.linkedAt ?? customer.createdAt,
      },
    ],
    addresses: addresses.map(({ id, lines: { postalCode, ...lines }, isDefault }) => ({
      id,
      customer_id: customer.id,
      ...lines,
      postal_code: postalCode,
      is_default: isDefault,
      ...times,
    })),
    payment_methods: methods.map((method, index) => plainMethodRow(method, index === 0)),
  };
}

/** The row of one linked payment method in plain text. */
export function plainMethodRow({ details, secrets, linkedAt, ...method }, isDefault) {
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

function bytes(buffer) {
  return buffer && `\\x${buffer.toString('hex')}`;
}
