import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import {
  type AddressViewFragment,
  RemoveAddressDocument,
  SetDefaultAddressDocument,
} from '../generated/graphql';
import { Section } from '../shared/section';
import { Empty } from '../shared/states';
import { AddressForm } from './address-form';
import { useChanges } from './changes';
import { linesOf } from './differences';
import { withDefaultAddress } from './optimistic';

/** Where the customer has things sent. */
export function Addresses() {
  const { customer } = useChanges();
  const [edited, setEdited] = useState<AddressViewFragment | 'new' | null>(null);
  return (
    <Section
      title="Addresses"
      action={
        <Button size="xs" variant="default" onClick={() => setEdited('new')}>
          Add address
        </Button>
      }
    >
      {customer.addresses.length === 0 && <Empty title="No addresses yet" />}
      <Stack gap="lg" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {customer.addresses.map((address) => (
          <AddressRow key={address.id} address={address} edit={() => setEdited(address)} />
        ))}
      </Stack>
      {edited && <AddressForm address={edited === 'new' ? null : edited} close={() => setEdited(null)} />}
    </Section>
  );
}

function AddressRow({ address, edit }: { address: AddressViewFragment; edit: () => void }) {
  const { apply } = useChanges();
  const { id, label, isDefault } = address;
  const makeDefault = () =>
    apply({
      mutation: SetDefaultAddressDocument,
      input: { id },
      optimistic: (view) => withDefaultAddress(view, id),
      done: `${label} is the default address.`,
    });
  const remove = () =>
    apply({ mutation: RemoveAddressDocument, input: { id }, done: `${label} has been removed.` });
  return (
    <Group component="li" justify="space-between" align="start" gap="xs" aria-label={label ?? undefined}>
      <div style={{ flex: '1 1 14rem' }}>
        <Group gap="xs">
          <Text fw={500} size="sm">
            {label}
          </Text>
          {isDefault && <Badge variant="light">Default</Badge>}
        </Group>
        <Text size="sm" c="dimmed" className="breakable">
          {linesOf(address) || 'No lines'}
        </Text>
      </div>
      <Group gap={4}>
        {!isDefault && (
          <Button size="compact-sm" variant="default" onClick={() => void makeDefault()}>
            Make default
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={edit}>
          Edit
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void remove()}>
          Remove
        </Button>
      </Group>
    </Group>
  );
}
