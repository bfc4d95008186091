import { type Checked, checkText, refuse } from './text.js';

const MAX_LENGTH = 20;
const PHONE = /^[0-9 +\-().x]+$/;

/**
 * A phone number as the person wrote it; blank text is accepted as `''`.
 * Refuses what `checkText` refuses, and as INVALID what has no digit or anything but digits, spaces and + - ( ) . x
 */
export function checkPhone(text: string): Checked<string> {
  const checked = checkText(text, { maxLength: MAX_LENGTH, kind: 'phone' });
  if (!checked.ok || checked.value === '' || phoneForComparison(checked.value) !== null) return checked;
  return refuse('INVALID', 'Not a phone number.');
}

/**
 * The form in which two phone numbers are compared: their digits, after a plus if one stands before the first.
 * Null for what is no phone number; a filter with it matches nothing.
 */
export function phoneForComparison(text: string): string | null {
  const trimmed = text.trim();
  const digits = trimmed.replace(/[^0-9]/g, '');
  if (digits === '' || !PHONE.test(trimmed)) return null;
  return /^[^0-9]*\+/.test(trimmed) ? `+${digits}` : digits;
}
