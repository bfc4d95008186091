import { useQuery } from '@apollo/client/react';
import { Alert, Group, Stack, Text } from '@mantine/core';
import {
  CustomerTokenDocument,
  type CustomerViewFragment,
  ResolutionDocument,
  type ResolutionQuery,
  type UnusableReason,
} from '../generated/graphql';
import { Copyable } from '../shared/copy';
import { nameOf, PaymentMethodLine } from '../shared/payment-method';
import { Section } from '../shared/section';
import { Failed, Loading } from '../shared/states';
import { MakeDefault } from './payment-methods';

type Resolved = NonNullable<ResolutionQuery['resolvePaymentToken']>;

const reasons: Record<UnusableReason, string> = {
  NO_DEFAULT_PAYMENT_METHOD: 'No payment method is the default.',
  CARD_EXPIRED: 'The default card has expired.',
  ACH_NOT_VERIFIED: 'The default bank account is not verified.',
};

/** The customer's token, and what a payment with it would use at this moment. */
export function Resolution({ customer }: { customer: CustomerViewFragment }) {
  const { data, loading, error, refetch } = useQuery(CustomerTokenDocument, {
    variables: { id: customer.id },
  });
  const token = data?.customer?.token;
  return (
    <Section title="What would a payment use now?">
      {loading && <Loading rows={2} />}
      {error && <Failed error={error} retry={() => void refetch()} />}
      {token && (
        <Stack>
          <Answer token={token} />
          <div>
            <Text size="sm" mb={4}>
              The customer’s token stands for the default at the moment of use:
            </Text>
            <Copyable value={token} what="the customer’s token" />
          </div>
        </Stack>
      )}
    </Section>
  );
}

function Answer({ token }: { token: string }) {
  const { data, loading, error, refetch } = useQuery(ResolutionDocument, {
    variables: { token },
    fetchPolicy: 'cache-and-network',
  });
  const resolution = data?.resolvePaymentToken;
  if (resolution) return <Explained resolution={resolution} />;
  if (loading) return <Loading rows={2} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return <Text size="sm">This token does not resolve any more.</Text>;
}

function Explained({ resolution }: { resolution: Resolved }) {
  const { usable, unusableReason, paymentMethod, providerToken, alternatives } = resolution;
  if (usable && paymentMethod) {
    return (
      <Alert color="teal" title={`It would charge ${nameOf(paymentMethod)}`} role="status">
        <PaymentMethodLine method={paymentMethod} />
        {providerToken && (
          <>
            <Text size="sm" mt="sm" mb={4}>
              This goes to the tokenization provider:
            </Text>
            <Copyable value={providerToken} what="the provider’s token" />
          </>
        )}
      </Alert>
    );
  }
  return (
    <Alert color="orange" title="It would charge nothing" role="status">
      <Text size="sm">
        {unusableReason && reasons[unusableReason]} Nothing else is used in its place: the payment service is
        told why, and may ask the customer.
      </Text>
      {(alternatives ?? []).length > 0 && (
        <Text size="sm" mt="sm" fw={500}>
          It could use, once it is the default:
        </Text>
      )}
      <Stack gap="sm" mt="xs">
        {alternatives?.map((method) => (
          <Group key={method.id} justify="space-between">
            <PaymentMethodLine method={method} />
            <MakeDefault method={method} />
          </Group>
        ))}
      </Stack>
    </Alert>
  );
}
