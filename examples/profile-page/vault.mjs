const LOST = 'The connection was lost. What you did may not be saved: try again, nothing is done twice.';

let session;
/** The last change that got no answer. */
let unanswered = { body: '', key: '' };

async function request(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new Error(LOST);
  }
}

async function newSession() {
  const response = await request('/session', { method: 'POST' });
  if (!response.ok) throw new Error('You could not be signed in.');
  return response.json();
}

function send({ vaultUrl, token }, body, headers) {
  return request(`${vaultUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body,
  });
}

async function answerTo(body, headers = {}) {
  session ??= await newSession();
  let response = await send(session, body, headers);
  if (response.status === 401) {
    session = await newSession();
    response = await send(session, body, headers);
  }
  const { data, errors, extensions } = await response.json();
  if (errors) throw new Error(`${errors[0].message} (request ${extensions.requestId})`);
  return data;
}

/** Asks the vault as the customer; a session that has ended is replaced once by a new one. */
export function read(query) {
  return answerTo(JSON.stringify({ query }));
}

/** Changes something. What got no answer is sent with the same key when it is tried again, and so is done once. */
export async function change(query, variables) {
  const body = JSON.stringify({ query, variables });
  if (unanswered.body !== body) unanswered = { body, key: crypto.randomUUID() };
  const data = await answerTo(body, { 'idempotency-key': unanswered.key });
  unanswered = { body: '', key: '' };
  return data;
}
