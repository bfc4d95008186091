import { authorise, Forbidden } from '../../access/authorise.js';
import type { Operation } from '../../operation.js';
import type { YearAndMonth } from '../../shared/expiry.js';
import type { PaymentToken } from '../../shared/id.js';
import { formOf, type Given, InputReader } from '../../shared/input-reader.js';
import { isLastFour } from '../../shared/last-four.js';
import {
  type BankAccountType,
  type BillingDetailsInput,
  type CardBrand,
  type CheckResult,
  type PaymentMethodDetails,
  readBillingDetails,
  readCardExpiry,
  type TokenType,
} from '../../shared/payment-method-details.js';
import { type Result, succeed } from '../../shared/result.js';
import { insertSandboxToken } from './sandbox-token.repository.js';

export interface CreateSandboxPaymentTokenInput {
  readonly card?: Given<SandboxCardInput>;
  readonly ach?: Given<SandboxBankAccountInput>;
  readonly billingDetails?: Given<BillingDetailsInput>;
}

export interface SandboxCardInput {
  readonly brand: CardBrand;
  readonly lastFour: string;
  readonly expiry: YearAndMonth;
  readonly tokenType: TokenType;
  readonly cvcCheck: CheckResult;
  readonly addressCheck: CheckResult;
}

export interface SandboxBankAccountInput {
  readonly bankAccountType: BankAccountType;
  readonly lastFour: string;
  readonly verified: boolean;
}

/**
 * Makes a payment token as a tokenization provider would, out of made-up details.
 *
 * Fails with every problem of the input.
 *
 * @throws Forbidden for a live merchant.
 */
export async function createSandboxPaymentToken(
  op: Operation,
  input: CreateSandboxPaymentTokenInput,
): Promise<Result<PaymentToken>> {
  const merchant = authorise(op, 'sandbox-tokens.create');
  if (merchant.mode !== 'test') throw new Forbidden({ sentence: 'The sandbox is for test merchants only.' });
  const reader = new InputReader();
  const details = readDetails(reader, input);
  const { billingDetails } = input;
  const read = reader.result({
    details,
    billingDetails: billingDetails
      ? readBillingDetails(reader, ['input', 'billingDetails'], billingDetails)
      : null,
  });
  if (!read.ok) return read;
  const token = op.newToken();
  await insertSandboxToken(op.db, merchant, { token, at: op.now() }, read.value);
  return succeed(token);
}

function readDetails(
  reader: InputReader,
  { card, ach }: CreateSandboxPaymentTokenInput,
): PaymentMethodDetails {
  if (card && ach) {
    reader.report({ code: 'INVALID', field: ['input', 'ach'], message: 'Give `card` or `ach`, not both.' });
  } else if (!card && !ach) {
    reader.report({ code: 'REQUIRED', field: ['input', 'card'], message: 'Give `card` or `ach`.' });
  }
  return card ? readCard(reader, card) : readAccount(reader, ach);
}

const checkLastFour = formOf(
  100,
  () => 'Four digits are expected.',
  (text) => (isLastFour(text) ? text : null),
);

function readCard(
  reader: InputReader,
  { expiry, lastFour, ...card }: SandboxCardInput,
): PaymentMethodDetails {
  const at = ['input', 'card'];
  return {
    type: 'CARD',
    ...card,
    brandName: null,
    expiry: readCardExpiry(reader, [...at, 'expiry'], expiry),
    lastFour: reader.required([...at, 'lastFour'], lastFour, checkLastFour),
  };
}

function readAccount(reader: InputReader, ach: Given<SandboxBankAccountInput>): PaymentMethodDetails {
  const { bankAccountType = 'CHECKING', verified = false, lastFour = '0000' } = ach ?? {};
  const field = ['input', 'ach', 'lastFour'];
  return {
    type: 'ACH',
    bankAccountType,
    verified,
    lastFour: reader.required(field, lastFour, checkLastFour),
  };
}
