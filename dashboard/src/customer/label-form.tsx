import { Alert, Button, Group, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { type PaymentMethodViewFragment, UpdatePaymentMethodDocument } from '../generated/graphql';
import { Dialog } from '../shared/dialog';
import { nameOf } from '../shared/payment-method';
import { toFormErrors } from '../shared/user-errors';
import { useChanges } from './changes';
import { withLabel } from './optimistic';

/** Gives a payment method another label. */
export function LabelForm({ method, close }: { method: PaymentMethodViewFragment; close: () => void }) {
  const { customer, isBusy, apply } = useChanges();
  const [base] = useState(customer);
  const form = useForm({ initialValues: { label: method.label ?? '' } });

  function submit(values: { label: string }) {
    const label = values.label.trim() || null;
    void apply({
      mutation: UpdatePaymentMethodDocument,
      input: { id: method.id, label },
      base,
      optimistic: (view) => withLabel(view, method.id, label),
      done: 'The label has been saved.',
      onDone: close,
      onProblems: (problems) => form.setErrors(toFormErrors(problems, ['label'])),
    });
  }

  return (
    <Dialog onClose={close} title={`Label of ${nameOf(method)}`}>
      <form onSubmit={form.onSubmit(submit)}>
        {form.errors[''] && (
          <Alert color="red" role="alert">
            {form.errors['']}
          </Alert>
        )}
        <TextInput
          label="Label"
          description="At most 50 characters; empty for none"
          data-autofocus
          {...form.getInputProps('label')}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy}>
            Save label
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
