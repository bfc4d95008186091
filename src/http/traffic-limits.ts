import type { ByteLimits } from './held-bytes.js';
import type { QueueLimits } from './request-queue.js';

/** The longest that a request may take from its arrival to its answer. */
export const ANSWER_MS = 15_000;
const MEBIBYTE = 1_048_576;

export interface TrafficLimits {
  readonly queue: QueueLimits;
  /** Requests on one connection, sent before the first of them is answered. */
  readonly pipelined: number;
  /** Of bodies that arrive or wait. */
  readonly bodies: ByteLimits;
  /** Of answers that are not read yet. */
  readonly unread: ByteLimits;
  readonly answerMs: number;
  /** The longest time from a request to the last byte of its answer that the client has read. */
  readonly readMs: number;
  /** Work that has not ended by then never will, and holds no place. */
  readonly lostMs: number;
}

/** @param atOnce requests of one merchant that are executed at once. */
export function trafficLimits(atOnce: number): TrafficLimits {
  return {
    queue: { places: 1_000, placesOfOne: 500, atOnce },
    pipelined: 20,
    bodies: { total: 64 * MEBIBYTE, ofOne: 16 * MEBIBYTE },
    unread: { total: 64 * MEBIBYTE, ofOne: 16 * MEBIBYTE },
    answerMs: ANSWER_MS,
    readMs: 60_000,
    lostMs: 60_000,
  };
}
