let session;

async function newSession() {
  const response = await fetch('/session', { method: 'POST' });
  if (!response.ok) throw new Error('You could not be signed in.');
  return response.json();
}

function send({ vaultUrl, token }, body) {
  return fetch(`${vaultUrl}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });
}

/** Asks the vault as the customer; a session that has ended is replaced once by a new one. */
export async function ask(query, variables = {}) {
  const body = JSON.stringify({ query, variables });
  session ??= await newSession();
  let response = await send(session, body);
  if (response.status === 401) {
    session = await newSession();
    response = await send(session, body);
  }
  const { data, errors, extensions } = await response.json();
  if (errors) throw new Error(`${errors[0].message} (request ${extensions.requestId})`);
  return data;
}
