// A shop's own server: it serves the page, keeps the API key, and gives the browser a customer session.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const {
  VAULT_URL = 'http://127.0.0.1:4000',
  VAULT_API_KEY,
  CUSTOMER_ID,
  HOST = '127.0.0.1',
  PORT = '8080',
} = process.env;
if (!VAULT_API_KEY || !CUSTOMER_ID) throw new Error('VAULT_API_KEY and CUSTOMER_ID must be given.');

const CREATE_SESSION = `mutation ($input: CreateCustomerSessionInput!) {
  createCustomerSession(input: $input) { session { token expiresAt } userErrors { message } }
}`;
// What the page does, and no more.
const permissions = [
  'READ',
  'EDIT_PROFILE',
  'EDIT_ADDRESSES',
  'LINK_PAYMENT_METHODS',
  'UNLINK_PAYMENT_METHODS',
];

const files = new Map([
  ['/', ['index.html', 'text/html; charset=utf-8']],
  ['/page.css', ['page.css', 'text/css; charset=utf-8']],
  ...['page', 'dialog', 'vault', 'words'].map((name) => [
    `/${name}.mjs`,
    [`${name}.mjs`, 'text/javascript; charset=utf-8'],
  ]),
]);
const { origin } = new URL(VAULT_URL);
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; connect-src 'self' ${origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
};

/** A new session of the customer who is signed in; here that is always the one of the environment. */
async function createSession() {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${VAULT_API_KEY}` },
    body: JSON.stringify({
      query: CREATE_SESSION,
      variables: { input: { customerId: CUSTOMER_ID, permissions } },
    }),
  });
  const { data, errors } = await response.json();
  const { session, userErrors } = data?.createCustomerSession ?? { userErrors: errors };
  if (!session) throw new Error(userErrors[0].message);
  return { ...session, vaultUrl: origin };
}

async function answer({ method, url, headers: asked }) {
  if (method === 'POST' && url === '/session') {
    // Another site's page must not act as this customer; older browsers send no such header, nor may they read this.
    if ((asked['sec-fetch-site'] ?? 'same-origin') !== 'same-origin')
      return [403, 'text/plain', 'Forbidden.'];
    return [200, 'application/json', JSON.stringify(await createSession())];
  }
  const [file, type] = (method === 'GET' && files.get(url)) || [];
  if (!file) return [404, 'text/plain', 'Nothing is here.'];
  return [200, type, await readFile(new URL(file, import.meta.url))];
}

const server = createServer(async (request, response) => {
  const [status, type, body] = await answer(request).catch((error) => {
    // The reason is the shop's, not the customer's.
    console.error(error.message);
    return [502, 'text/plain', 'The vault gave no session.'];
  });
  response.writeHead(status, { ...headers, 'content-type': type }).end(body);
});
server.listen(Number(PORT), HOST, () => console.log(`The page is at http://${HOST}:${PORT}/`));
