/** After these nobody knows whether it was done: the same call may be sent again, with the same key. */
const AGAIN = new Set([
  'DATABASE_UNAVAILABLE',
  'OVERLOADED',
  'TIMEOUT',
  'STORAGE_FULL',
  'PROVIDER_UNAVAILABLE',
]);

/**
 * Carries a change out once, however often it has to be sent: each try has the same idempotency key, and waits longer.
 * After some 25 seconds it throws the last error.
 *
 * @template {{ userErrors: readonly { code: string }[] }} Payload
 * @param {(key: string) => Promise<Payload>} send Sends the mutation with this key; throws what its client makes of errors.
 */
export async function once(send) {
  const key = crypto.randomUUID();
  for (let wait = 100; ; wait *= 2) {
    const last = wait > 10_000;
    try {
      const payload = await send(key);
      const isRunning = payload.userErrors.some(({ code }) => code === 'IDEMPOTENCY_IN_PROGRESS');
      if (!isRunning || last) return payload;
    } catch (error) {
      if (last || codesOf(error).some((code) => !AGAIN.has(code))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  }
}

/** What the server said, where each client keeps it; nothing where the connection broke. */
function codesOf(error) {
  const errors = error.errors ?? error.graphQLErrors ?? error.response?.errors ?? error.source?.errors ?? [];
  return errors.flatMap(({ extensions }) => extensions?.code ?? []);
}
