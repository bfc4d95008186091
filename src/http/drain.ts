import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Traffic } from './traffic.js';

/** For so long `/readyz` answers 503 while requests are still accepted, so that load balancers can stop sending. */
const NOTICE_MS = 1_000;
/** After that, accepted requests have this long to be answered. */
const ANSWER_WITHIN_MS = 10_000;
const SWEEP_MS = 50;

/**
 * Stops an HTTP server without failing a request: first `/readyz` says 503 and answers ask for the connection to be
 * closed; then nothing new is accepted, and what was accepted is answered, for up to 10 s.
 */
export async function drain(http: FastifyInstance, traffic: Traffic): Promise<void> {
  traffic.startDraining();
  await sleep(NOTICE_MS);
  const giveUp = setTimeout(() => http.server.closeAllConnections(), ANSWER_WITHIN_MS);
  // Node closes the connections that are idle now, and waits for those that become idle later.
  const sweep = setInterval(() => http.server.closeIdleConnections(), SWEEP_MS);
  try {
    await http.close();
  } finally {
    clearTimeout(giveUp);
    clearInterval(sweep);
  }
}
