import { Badge, Box, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { CardBrand, PaymentMethodViewFragment } from '../generated/graphql';

type CardFacts = Pick<PaymentMethodViewFragment, 'card' | 'ach' | 'label' | 'usable' | 'unusableReason'>;

const brands: Record<CardBrand, [name: string, mark: string]> = {
  VISA: ['Visa', 'VISA'],
  MASTERCARD: ['Mastercard', 'MC'],
  AMEX: ['American Express', 'AMEX'],
  DISCOVER: ['Discover', 'DISC'],
  DINERS: ['Diners Club', 'DC'],
  JCB: ['JCB', 'JCB'],
  UNION_PAY: ['UnionPay', 'UP'],
  UNKNOWN: ['Card', 'CARD'],
};

export const brandOptions = Object.entries(brands).map(([value, [name]]) => ({
  value,
  label: value === 'UNKNOWN' ? 'Other network' : name,
}));

const SOON_DAYS = 60;
const DAY_MS = 24 * 3_600 * 1_000;

/** Whether a card that is good today ends within 60 days. It is good until its month has ended everywhere. */
export function expiresSoon({ month, year }: { month: number; year: number }, now: Date): boolean {
  const left = Date.UTC(year, month, 1, 12) - now.getTime();
  return left > 0 && left <= SOON_DAYS * DAY_MS;
}

/** "Visa •••• 4242", with the provider's own word where the vault does not know the brand; or the kind of bank account. */
export function nameOf({ card, ach }: CardFacts): string {
  if (card) return `${card.brandName ?? brands[card.brand][0]} •••• ${card.lastFour}`;
  if (!ach) return 'Payment method';
  return `${ach.bankAccountType === 'CHECKING' ? 'Checking' : 'Savings'} account •••• ${ach.lastFour}`;
}

export function expiryOf({ card }: CardFacts): string | null {
  return card ? `${String(card.expiry.month).padStart(2, '0')}/${card.expiry.year}` : null;
}

/** A mark of the brand in letters: the networks' own logos are theirs. */
export function BrandMark({ method }: { method: CardFacts }) {
  const brand = method.card?.brand;
  return (
    <Box className="brand-mark" data-brand={brand ?? 'BANK'} aria-hidden>
      {brand ? brands[brand][1] : 'BANK'}
    </Box>
  );
}

/** A clear sign where a payment method cannot be used, or soon cannot. */
export function UsabilityBadge({ method }: { method: CardFacts }) {
  if (method.unusableReason === 'CARD_EXPIRED') return <Badge color="#b3261e">Expired</Badge>;
  if (method.unusableReason === 'ACH_NOT_VERIFIED') return <Badge color="#9a4a00">Unverified</Badge>;
  if (method.card && expiresSoon(method.card.expiry, new Date())) {
    return <Badge color="#7a5b00">Expires soon</Badge>;
  }
  return null;
}

/** A payment method on one line, with what else is to be said of it beside its name. */
export function PaymentMethodLine({ method, children }: { method: CardFacts; children?: ReactNode }) {
  const expiry = expiryOf(method);
  const facts = [method.label, expiry && `${method.label ? 'expires' : 'Expires'} ${expiry}`];
  return (
    <Group gap="sm" wrap="nowrap">
      <BrandMark method={method} />
      <div>
        <Group gap="xs">
          <Text fw={500} size="sm">
            {nameOf(method)}
          </Text>
          {children}
          <UsabilityBadge method={method} />
        </Group>
        <Text size="xs" c="dimmed">
          {facts.filter(Boolean).join(' · ')}
        </Text>
      </div>
    </Group>
  );
}
