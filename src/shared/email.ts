import { domainToASCII } from 'node:url';
import { type Checked, checkText, refuse } from './text.js';

const MAX_LENGTH = 254;
const MAX_DOMAIN_LENGTH = 253;

/** What `domainToASCII` would take for the end of the domain, or decode, rather than refuse. */
const NOT_IN_A_DOMAIN = /[!-,/:-@[-`{-~\s]/;
/** A label as DNS takes it: 1 to 63 letters, digits and hyphens, none of these at an end (RFC 1035, 2.3.1). */
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * An e-mail address as the person wrote it, trimmed and in NFC; blank text is accepted as `''`.
 * Refuses what `checkText` refuses, and as INVALID what has not one `@`, nothing before it, white space,
 * or a domain that has no dot or cannot be one after IDNA.
 */
export function checkEmail(text: string): Checked<string> {
  const checked = checkText(text, { maxLength: MAX_LENGTH });
  if (!checked.ok || checked.value === '' || parts(checked.value) !== null) return checked;
  return refuse('INVALID', 'Not an e-mail address.');
}

/**
 * The form in which two addresses are compared: lower case, the domain in ASCII.
 * Null for anything that `checkEmail` would not store; a filter with it matches nothing.
 */
export function emailForComparison(text: string): string | null {
  const checked = checkEmail(text);
  const found = checked.ok ? parts(checked.value) : null;
  return found && `${found.local.toLowerCase().normalize('NFC')}@${found.asciiDomain}`;
}

function parts(email: string): { local: string; asciiDomain: string } | null {
  const [local, domain, ...more] = email.split('@');
  if (!local || !domain || more.length > 0 || /\s/.test(local)) return null;
  const asciiDomain = toAsciiDomain(domain);
  return asciiDomain === null ? null : { local, asciiDomain };
}

function toAsciiDomain(domain: string): string | null {
  if (NOT_IN_A_DOMAIN.test(domain)) return null;
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  const last = labels.at(-1) ?? '';
  // A numeric last label is an IPv4 address, and `domainToASCII` has rewritten it.
  const isDomain = labels.length > 1 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(last);
  return isDomain && ascii.length <= MAX_DOMAIN_LENGTH ? ascii : null;
}
