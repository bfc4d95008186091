import { useMutation } from '@apollo/client/react';
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useLocation } from 'wouter';
import { toFailure } from '../api/failure';
import { notifyFailure } from '../api/notify';
import { CreateCustomerDocument } from '../generated/graphql';
import { toFormErrors } from '../shared/user-errors';

const blank = { name: '', email: '', phone: '', reference: '' };

/** A form for a new customer, who is shown once made. */
export function NewCustomer({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const [create, { loading }] = useMutation(CreateCustomerDocument);
  const [, goTo] = useLocation();
  const form = useForm({ initialValues: blank });

  async function submit(values: typeof blank) {
    const given = Object.entries(values).filter(([, value]) => value !== '');
    try {
      const { data } = await create({
        variables: { input: { name: values.name, ...Object.fromEntries(given) } },
      });
      const { customer, userErrors } = data?.createCustomer ?? {};
      if (customer) {
        close();
        form.reset();
        goTo(`/customers/${customer.id}`);
      } else {
        form.setErrors(toFormErrors(userErrors ?? [], Object.keys(blank)));
      }
    } catch (error) {
      notifyFailure('The customer was not created', toFailure(error));
    }
  }

  return (
    <Modal opened={isOpen} onClose={close} title="New customer">
      <form onSubmit={form.onSubmit((values) => void submit(values))}>
        <Stack>
          {form.errors[''] && (
            <Alert color="red" role="alert">
              {form.errors['']}
            </Alert>
          )}
          <TextInput label="Name" withAsterisk data-autofocus {...form.getInputProps('name')} />
          <TextInput label="E-mail" inputMode="email" {...form.getInputProps('email')} />
          <TextInput label="Phone" inputMode="tel" {...form.getInputProps('phone')} />
          <TextInput
            label="Reference"
            description="Your own customer number"
            {...form.getInputProps('reference')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={loading}>
              Create customer
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
