import { isDeepStrictEqual } from 'node:util';
import { ask, dialects } from './workloads.mjs';

/** Makes sure that all servers answer the same before anything is measured, each in its own words. */
export async function checkAnswers(servers, sample, cursors) {
  for (const workload of ['W1', 'W2', 'W4', 'W5']) {
    let expected;
    for (const server of servers) {
      const { knows, request } = dialects[server.name];
      if (!knows.includes(workload)) continue;
      const answers = [];
      for (const variables of probesOf(workload, sample, cursors.get(server.name))) {
        answers.push(normalise(await ask(server, request(workload, variables))));
      }
      expected ??= { name: server.name, answers };
      if (!isDeepStrictEqual(answers, expected.answers)) {
        const difference = firstDifference(answers, expected.answers);
        throw new Error(`${server.name} and ${expected.name} answer ${workload} differently: ${difference}`);
      }
    }
  }
}

function probesOf(workload, sample, cursors) {
  const customers = sample.slice(0, 5);
  if (workload === 'W1') return customers.map(({ id }) => ({ id }));
  if (workload === 'W2') return cursors.slice(0, 3).map((after) => ({ after }));
  if (workload === 'W4')
    return customers.flatMap((each) => [{ token: each.token }, { token: each.method_token }]);
  return customers.map(({ name }) => ({ search: name }));
}

/** The form in which answers are compared: cursors left out, connections as lists, instants in one spelling. */
function normalise(value) {
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value === 'string') return instantOf(value) ?? value;
  if (value === null || typeof value !== 'object') return value;
  const { pageInfo, ...rest } = value;
  const entries = Object.entries(flat(rest));
  const all = pageInfo ? [...entries, ['hasNextPage', pageInfo.hasNextPage]] : entries;
  return Object.fromEntries(all.map(([key, inner]) => [key, normalise(inner)]));
}

function instantOf(text) {
  return /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text).getTime() : null;
}

/** Cards and accounts are objects here and columns there; a list of nodes is a connection here and a list there. */
function flat({ card, ach, lastFour, brand, expiryMonth, expiryYear, bankAccountType, verified, ...rest }) {
  if ('nodes' in rest && Object.keys(rest).length === 1) return { ...rest.nodes };
  if (rest.addresses?.nodes) rest.addresses = rest.addresses.nodes;
  if (rest.paymentMethods?.nodes) rest.paymentMethods = rest.paymentMethods.nodes;
  if (!('isDefault' in rest && 'type' in rest)) return rest;
  return {
    ...rest,
    lastFour: card?.lastFour ?? ach?.lastFour ?? lastFour,
    brand: card?.brand ?? brand ?? null,
    month: card?.expiry.month ?? expiryMonth ?? null,
    year: card?.expiry.year ?? expiryYear ?? null,
    bankAccountType: ach?.bankAccountType ?? bankAccountType ?? null,
    verified: ach?.verified ?? verified ?? null,
  };
}

/** Where two values differ, in words. */
export function firstDifference(one, other, path = '') {
  if (isDeepStrictEqual(one, other)) return null;
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) {
    return `${path || 'the answer'} is ${JSON.stringify(one)} and ${JSON.stringify(other)}`;
  }
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const difference = firstDifference(one[key], other[key], `${path}.${key}`);
    if (difference) return difference;
  }
  return `${path} has its fields in another form`;
}
