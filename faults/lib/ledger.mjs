// Eight writers that go on writing through every fault, and a ledger of what was acknowledged to them.
import { randomUUID } from 'node:crypto';
import { ADD_ADDRESS, CREATE, LINK, SET_DEFAULT, TOKENIZE, UPDATE } from './client.mjs';
import { between } from './random.mjs';

const WRITERS = 8;

export class Ledger {
  /** Customers by id: how many changes were acknowledged, and the ids of what belongs to them. */
  customers = new Map();
  acknowledged = 0;
  /** What was refused for a reason that a client cannot mend by trying again. */
  refusals = [];
  #random;

  constructor(random) {
    this.#random = random;
  }

  /** Writes until so many writes are acknowledged; `clientNow` gives the client of the server that runs now. */
  async write(total, clientNow) {
    const writers = Array.from({ length: WRITERS }, async () => {
      const own = [];
      while (this.acknowledged < total) await this.#writeOnce(own, clientNow);
    });
    await Promise.all(writers);
  }

  async #writeOnce(own, clientNow) {
    const kind = between(this.#random, 0, 9);
    const customer = own[between(this.#random, 0, own.length - 1)];
    if (!customer || kind < 3) return this.#create(own, clientNow);
    const { id } = customer;
    if (kind < 5)
      return this.#change(clientNow, customer, UPDATE, { id, name: `Name ${kind} ${randomUUID()}` });
    if (kind < 7) {
      const input = { customerId: id, address: { label: `Place ${randomUUID().slice(0, 8)}` } };
      return this.#change(clientNow, customer, ADD_ADDRESS, input);
    }
    if (kind < 9 || customer.methods.length === 0) {
      // No key: a token that is made twice hurts nobody.
      const made = await insist(clientNow, TOKENIZE, {}, undefined);
      return this.#change(clientNow, customer, LINK, { customerId: id, token: made.payload.token });
    }
    const method = customer.methods[between(this.#random, 0, customer.methods.length - 1)];
    if (method === customer.default) return undefined;
    const done = await this.#change(clientNow, customer, SET_DEFAULT, { id: method });
    if (done) customer.default = method;
    return undefined;
  }

  async #create(own, clientNow) {
    const input = {
      name: 'Ada Lovelace',
      reference: randomUUID(),
      addresses: [{ label: 'Home' }, { label: 'Work' }],
    };
    const answer = await insist(clientNow, CREATE, { input }, randomUUID());
    if (!this.#note(answer)) return;
    const { id, addresses } = answer.payload.customer;
    const customer = { id, changes: 0, addresses: addresses.map((address) => address.id), methods: [] };
    this.customers.set(id, customer);
    own.push(customer);
  }

  /** Customers belong to one writer each, so that a writer knows every version that there was. */
  async #change(clientNow, customer, mutation, input) {
    const answer = await insist(clientNow, mutation, { input }, randomUUID());
    if (!this.#note(answer)) return false;
    customer.changes += 1;
    const { address, paymentMethod } = answer.payload;
    if (address) customer.addresses.push(address.id);
    if (paymentMethod) {
      customer.methods.push(paymentMethod.id);
      customer.default ??= paymentMethod.id;
    }
    return true;
  }

  #note({ code }) {
    if (code !== null) this.refusals.push(code);
    // A refusal counts as a step, so that a server which refuses everything does not keep the writers for ever.
    this.acknowledged += 1;
    return code === null;
  }
}

/** Tries again under the same key, also on the server that was started after the one that was killed. */
async function insist(clientNow, query, variables, key) {
  for (;;) {
    const client = await clientNow();
    const answer = await client.insist(query, variables, key, () => clientNow.current !== client);
    if (answer !== null) return answer;
  }
}
