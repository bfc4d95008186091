import { type AuditResult, auditServer } from 'graphql-http';
import { aKey } from '../support/keys.js';
import { startVault, type TestVault } from '../support/vault.js';

// Apollo's own: it answers 400 where 200 is only advised.
const known = ['572B', '7B9B', 'FDE2'];

let vault: TestVault;

beforeAll(async () => {
  vault = await startVault();
});

afterAll(() => vault.close());

// Without a key a document is not looked at: one that is at fault is 401, where 400 is advised. And a GET needs a header
// that cannot be forged, which a key is.
const knownWithoutKey = ['556A', '74FF', '5A70', '6A70', 'D6D5', ...known].sort();

test('gives no error and only the known warnings and notices in the audits of GraphQL over HTTP', async () => {
  const results = await auditServer({ url: `${vault.url}/graphql` });

  expect(results.length).toBeGreaterThan(50);
  expect(results.filter(({ status }) => status === 'error').map(describeResult)).toEqual([]);
  expect(idsOfNotOk(results)).toEqual(knownWithoutKey);
});

test('takes every GET of the audits from a caller with a key, and gives no other warning', async () => {
  const { headers } = await aKey(vault);

  const results = await auditServer({
    url: `${vault.url}/graphql`,
    fetchFn: (url: string, init: RequestInit = {}) =>
      fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
  });

  expect(results.filter(({ status }) => status === 'error').map(describeResult)).toEqual([]);
  expect(idsOfNotOk(results)).toEqual(known);
});

function idsOfNotOk(results: AuditResult[]): string[] {
  return results
    .filter(({ status }) => status !== 'ok')
    .map(({ id }) => id)
    .sort();
}

function describeResult(result: AuditResult): string {
  return `${result.id} ${result.name}: ${'reason' in result ? result.reason : ''}`;
}
