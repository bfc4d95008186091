import { randomBytes } from 'node:crypto';

/** An id in the form that every server here uses: 24 hexadecimal digits, ascending with time. */
export function newId(at = Date.now()) {
  const seconds = Math.floor(at / 1000);
  return seconds.toString(16).padStart(8, '0') + randomBytes(8).toString('hex');
}
