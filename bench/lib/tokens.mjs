import { randomUUID } from 'node:crypto';
import { withClient } from './cluster.mjs';
import { insertRows } from './fill.mjs';
import { cardOf, randomOf } from './people.mjs';

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

function sealedRow({ id, vault }, { token, details }) {
  const hash = vault.hash('sandbox-token', token);
  const place = { table: 'sandbox_tokens', rowId: hash.toString('hex'), customerId: '' };
  return {
    merchant_id: id,
    token_hash: `\\x${hash.toString('hex')}`,
    sealed: `\\x${vault.seal(place, { details, billingDetails: null }).toString('hex')}`,
    created_at: new Date(),
  };
}

function plainRow({ token, details: { type, brand, lastFour, expiry } }) {
  return { token, type, brand, last_four: lastFour, expiry_month: expiry.month, expiry_year: expiry.year };
}
