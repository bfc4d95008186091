import { Badge, Box, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type PaymentMethodViewFragment, SetDefaultPaymentMethodDocument } from '../generated/graphql';
import { nameOf, PaymentMethodLine } from '../shared/payment-method';
import { Section } from '../shared/section';
import { Empty } from '../shared/states';
import { useChanges } from './changes';
import { LabelForm } from './label-form';
import { LinkForm } from './link-form';
import { withDefaultPaymentMethod } from './optimistic';
import { UnlinkDialog } from './unlink-dialog';

type Open = { readonly form: 'label' | 'unlink'; readonly method: PaymentMethodViewFragment };

/** What the customer pays with. */
export function PaymentMethods() {
  const { customer } = useChanges();
  const [open, setOpen] = useState<Open | 'link' | null>(null);
  const close = () => setOpen(null);
  const { nodes = [], pageInfo } = customer.paymentMethods ?? {};
  return (
    <Section
      title="Payment methods"
      action={
        <Button size="xs" aria-label="Link payment method" onClick={() => setOpen('link')}>
          Link
          <Box component="span" visibleFrom="xs">
            &nbsp;payment method
          </Box>
        </Button>
      }
    >
      {nodes.length === 0 && (
        <Empty title="Nothing is linked yet">A payment with this customer’s token would find nothing.</Empty>
      )}
      <Stack gap="lg" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {nodes.map((method) => (
          <PaymentMethodRow key={method.id} method={method} open={(form) => setOpen({ form, method })} />
        ))}
      </Stack>
      {pageInfo?.hasNextPage && (
        <Text size="sm" c="dimmed" mt="md">
          Only the first 100 are shown. The explorer pages through all of them.
        </Text>
      )}
      {open === 'link' && <LinkForm close={close} />}
      {open && open !== 'link' && open.form === 'label' && <LabelForm method={open.method} close={close} />}
      {open && open !== 'link' && open.form === 'unlink' && (
        <UnlinkDialog method={open.method} isOnly={nodes.length === 1} close={close} />
      )}
    </Section>
  );
}

function PaymentMethodRow({
  method,
  open,
}: {
  method: PaymentMethodViewFragment;
  open: (form: Open['form']) => void;
}) {
  return (
    <Group component="li" justify="space-between" gap="xs" aria-label={nameOf(method)}>
      <PaymentMethodLine method={method}>
        {method.isDefault && <Badge variant="light">Default</Badge>}
      </PaymentMethodLine>
      <Group gap={4}>
        {!method.isDefault && <MakeDefault method={method} />}
        <Button size="compact-sm" variant="default" onClick={() => open('label')}>
          Label
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => open('unlink')}>
          Unlink
        </Button>
      </Group>
    </Group>
  );
}

/** Makes a payment method the default; it shows as that at once. */
export function MakeDefault({ method }: { method: PaymentMethodViewFragment }) {
  const { apply } = useChanges();
  const makeDefault = () =>
    apply({
      mutation: SetDefaultPaymentMethodDocument,
      input: { id: method.id },
      optimistic: (view) => withDefaultPaymentMethod(view, method.id),
      done: `${nameOf(method)} is the default now.`,
    });
  return (
    <Button size="compact-sm" variant="default" onClick={() => void makeDefault()}>
      Make default
    </Button>
  );
}
