import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { AddAddressDocument, type AddressViewFragment, UpdateAddressDocument } from '../generated/graphql';
import { Dialog } from '../shared/dialog';
import { type Problem, toFormErrors } from '../shared/user-errors';
import { useChanges } from './changes';

const names = ['label', 'line1', 'line2', 'city', 'state', 'postalCode', 'country'] as const;
type Values = Record<(typeof names)[number], string>;

/** Adds an address, or changes the one that is given. */
export function AddressForm({ address, close }: { address: AddressViewFragment | null; close: () => void }) {
  const { customer, isBusy, apply } = useChanges();
  const [base] = useState(customer);
  const form = useForm<Values>({
    initialValues: Object.fromEntries(names.map((name) => [name, address?.[name] ?? ''])) as Values,
  });

  function submit(values: Values) {
    const lines = Object.fromEntries(names.map((name) => [name, values[name] || null]));
    const given = { ...lines, label: values.label };
    const rest = {
      base,
      onDone: close,
      onProblems: (problems: readonly Problem[]) => form.setErrors(toFormErrors(problems, names)),
    };
    if (address) {
      const input = { id: address.id, ...given };
      void apply({ mutation: UpdateAddressDocument, input, done: 'The address has been saved.', ...rest });
    } else {
      const input = { customerId: base.id, address: given };
      void apply({ mutation: AddAddressDocument, input, done: 'The address has been added.', ...rest });
    }
  }

  return (
    <Dialog onClose={close} title={address ? 'Edit address' : 'Add address'}>
      <form onSubmit={form.onSubmit(submit)}>
        <Stack gap="sm">
          {form.errors[''] && (
            <Alert color="red" role="alert">
              {form.errors['']}
            </Alert>
          )}
          <TextInput
            label="Label"
            withAsterisk
            placeholder="Home"
            data-autofocus
            {...form.getInputProps('label')}
          />
          <TextInput label="Line 1" {...form.getInputProps('line1')} />
          <TextInput label="Line 2" {...form.getInputProps('line2')} />
          <TextInput label="City" {...form.getInputProps('city')} />
          <Group grow align="start">
            <TextInput label="State" placeholder="AZ" {...form.getInputProps('state')} />
            <TextInput label="Postal code" {...form.getInputProps('postalCode')} />
            <TextInput label="Country" placeholder="USA" {...form.getInputProps('country')} />
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              {address ? 'Save address' : 'Add address'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
