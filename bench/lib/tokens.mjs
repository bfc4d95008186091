import { randomUUID } from 'node:crypto';
import { withClient } from './cluster.mjs';
import { insertRows } from './fill.mjs';
import { cardOf, randomOf } from './people.mjs';
import { bytes } from './rows.mjs';

const BATCH = 5_000;
const SEED = 11;

/**
 * Stores payment tokens that can be linked, as the sandbox would after `createSandboxPaymentToken`, for the vault and
 * in plain text for the others. Those that were there before are removed.
 */
export async function storeTokens({ vaultUrl, plainUrl }, merchant, count) {
  const random = randomOf(SEED);
  const digits = (length) => String(Math.floor(random() * 10 ** length)).padStart(length, '0');
  const tokens = Array.from({ length: count }, () => randomUUID());
  await withClient(vaultUrl, (vault) =>
    withClient(plainUrl, async (plain) => {
      await Promise.all([vault, plain].map((client) => client.query('truncate sandbox_tokens')));
      for (let from = 0; from < count; from += BATCH) {
        const batch = tokens
          .slice(from, from + BATCH)
          .map((token) => ({ token, details: cardOf(random, digits) }));
        await insertRows(vault, { sandbox_tokens: batch.map((each) => sealedRow(merchant, each)) });
        await insertRows(plain, { sandbox_tokens: batch.map(plainRow) });
      }
    }),
  );
  return tokens;
}

function sealedRow(merchant, { token, details }) {
  const hash = merchant.hash('sandbox-token', token);
  // It is not yet anybody's.
  const sealed = merchant.seal('sandbox_tokens', hash.toString('hex'), '', { details, billingDetails: null });
  return {
    merchant_id: merchant.id,
    token_hash: bytes(hash),
    sealed: bytes(sealed),
    created_at: new Date(),
  };
}

function plainRow({ token, details: { type, brand, lastFour, expiry } }) {
  return { token, type, brand, last_four: lastFour, expiry_month: expiry.month, expiry_year: expiry.year };
}
