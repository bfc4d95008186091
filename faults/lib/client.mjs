// Calls the vault over HTTP as a merchant's server would, and tells what came of it and how long it took.
import { setTimeout as sleep } from 'node:timers/promises';

/** The codes after which a call may be sent again as it is, under the same idempotency key. */
export const RETRYABLE = new Set([
  'DATABASE_UNAVAILABLE',
  'OVERLOADED',
  'TIMEOUT',
  'STORAGE_FULL',
  'IDEMPOTENCY_IN_PROGRESS',
  'NO_ANSWER',
]);

export class Client {
  #url;
  #headers;

  constructor(url, key) {
    this.#url = url;
    this.#headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  }

  get url() {
    return this.#url;
  }

  /** One call; `code` null: it succeeded. A connection that broke is `NO_ANSWER`: nobody knows what happened. */
  async call(query, variables = {}, idempotencyKey = undefined) {
    const begin = performance.now();
    const headers = { ...this.#headers, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) };
    try {
      const body = JSON.stringify({ query, variables });
      const response = await fetch(`${this.#url}/graphql`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(30_000),
      });
      const answer = await response.json();
      const payload = Object.values(answer.data ?? {})[0] ?? null;
      const code = answer.errors?.[0]?.extensions.code ?? payload?.userErrors?.[0]?.code ?? null;
      const took = performance.now() - begin;
      return {
        status: response.status,
        code,
        payload,
        took,
        retryAfter: response.headers.get('retry-after'),
      };
    } catch {
      return { status: 0, code: 'NO_ANSWER', payload: null, took: performance.now() - begin };
    }
  }

  /** Sends a mutation under its key until it is acknowledged, as the README tells a client's author to. */
  async insist(query, variables, idempotencyKey, isOver = () => false) {
    for (let pause = 50; !isOver(); pause = Math.min(pause * 2, 1_000)) {
      const answer = await this.call(query, variables, idempotencyKey);
      if (answer.code === null || !RETRYABLE.has(answer.code)) return answer;
      await sleep(pause * (0.5 + Math.random() / 2));
    }
    return null;
  }

  /** Status and body of a route. */
  async get(path) {
    const begin = performance.now();
    try {
      const response = await fetch(this.#url + path, { signal: AbortSignal.timeout(10_000) });
      return { status: response.status, text: await response.text(), took: performance.now() - begin };
    } catch {
      return { status: 0, text: '', took: performance.now() - begin };
    }
  }
}

export const CREATE = `mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) {
  customer { id version addresses { id } } userErrors { code } } }`;
export const UPDATE = `mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) {
  customer { id version } userErrors { code } } }`;
export const ADD_ADDRESS = `mutation ($input: AddAddressInput!) { addAddress(input: $input) {
  address { id } customer { id version } userErrors { code } } }`;
export const TOKENIZE = `mutation { createSandboxPaymentToken(input: {
  card: { brand: VISA, lastFour: "4242", expiry: { month: 12, year: 2035 } } }) { token userErrors { code } } }`;
export const LINK = `mutation ($input: LinkPaymentMethodInput!) { linkPaymentMethod(input: $input) {
  paymentMethod { id } customer { id version } userErrors { code } } }`;
export const SET_DEFAULT = `mutation ($input: SetDefaultPaymentMethodInput!) { setDefaultPaymentMethod(input: $input) {
  customer { id version } userErrors { code } } }`;
export const READ = 'query ($id: ID!) { customer(id: $id) { id name version } }';

/** A customer with so many payment methods. */
export async function aCustomerWithCards(client, count) {
  const { payload } = await client.call(CREATE, { input: { name: 'Ada', addresses: [{ label: 'Home' }] } });
  const { id } = payload.customer;
  const cards = [];
  for (let number = 0; number < count; number += 1) {
    const token = (await client.call(TOKENIZE)).payload.token;
    const linked = await client.call(LINK, { input: { customerId: id, token } });
    cards.push(linked.payload.paymentMethod.id);
  }
  return { id, cards };
}

/** How long until a call succeeds, in milliseconds; it is tried every 20 ms, each try on its own. */
export async function untilSuccess(act, limitMs = 30_000) {
  const begin = performance.now();
  while (performance.now() - begin < limitMs) {
    if ((await act()).code === null) return performance.now() - begin;
    await sleep(20);
  }
  return Number.POSITIVE_INFINITY;
}
