import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Partner } from '../access/actor.js';

const TAG_BYTES = 16;
const MAX_LENGTH = 512;

/** Seals and opens cursors as a merchant's vault does, for a list that belongs to no merchant. */
export function partnerCursors({ id, cursorKey }: Partner) {
  const tagOf = (payload: Buffer) =>
    createHmac('sha256', cursorKey).update(`cursor ${id} `).update(payload).digest().subarray(0, TAG_BYTES);
  return {
    sealCursor(payload: string): string {
      const bytes = Buffer.from(payload);
      return Buffer.concat([bytes, tagOf(bytes)]).toString('base64url');
    },
    openCursor(cursor: string): string | null {
      const bytes = Buffer.from(cursor.slice(0, MAX_LENGTH), 'base64url');
      // One cursor has one spelling.
      if (bytes.length < TAG_BYTES || bytes.toString('base64url') !== cursor) return null;
      const payload = bytes.subarray(0, -TAG_BYTES);
      return timingSafeEqual(bytes.subarray(-TAG_BYTES), tagOf(payload)) ? payload.toString() : null;
    },
  };
}
