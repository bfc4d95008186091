import {
  Alert,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { client } from '../api/client';
import { toFailure } from '../api/failure';
import { notifyFailure } from '../api/notify';
import { type CardBrand, LinkPaymentMethodDocument, MakeSandboxTokenDocument } from '../generated/graphql';
import { Dialog } from '../shared/dialog';
import { brandOptions } from '../shared/payment-method';
import { settings } from '../shared/settings';
import { type Problem, toFormErrors } from '../shared/user-errors';
import { useChanges } from './changes';

const blank = {
  how: settings.sandbox ? 'card' : 'token',
  brand: 'VISA' as CardBrand,
  lastFour: '4242',
  expiry: `${new Date().getUTCFullYear() + 3}-12`,
  verified: true,
  token: '',
  label: '',
  isDefault: false,
  refuseDuplicate: true,
};
type Values = typeof blank;

const ways = [
  { value: 'card', label: 'Card' },
  { value: 'ach', label: 'Account' },
  { value: 'token', label: 'Token' },
];

/** Links a payment method by its token; the sandbox, where there is one, makes the token of made-up details. */
export function LinkForm({ close }: { close: () => void }) {
  const { customer, isBusy, apply } = useChanges();
  const [base] = useState(customer);
  const [isTokenizing, setTokenizing] = useState(false);
  const form = useForm<Values>({ initialValues: blank });
  const { how } = form.values;
  const showProblems = (problems: readonly Problem[]) =>
    form.setErrors(toFormErrors(problems, fieldsOf[how] ?? []));

  async function submit(values: Values) {
    setTokenizing(true);
    const token = values.how === 'token' ? values.token.trim() : await tokenize(values, showProblems);
    setTokenizing(false);
    if (token === null) return;
    await apply({
      mutation: LinkPaymentMethodDocument,
      input: {
        customerId: base.id,
        token,
        label: values.label || null,
        ...(values.isDefault && { isDefault: true }),
        ifDuplicate: values.refuseDuplicate ? 'REFUSE' : 'ALLOW',
      },
      base,
      done: 'The payment method has been linked.',
      onDone: close,
      onProblems: showProblems,
    });
  }

  return (
    <Dialog onClose={close} title="Link payment method">
      <form onSubmit={form.onSubmit((values) => void submit(values))}>
        <Stack gap="sm">
          {settings.sandbox && (
            <>
              <SegmentedControl
                fullWidth
                aria-label="What to link"
                data={ways}
                {...form.getInputProps('how')}
              />
              {how !== 'token' && (
                <Text size="sm" c="dimmed">
                  The sandbox makes a payment token of made-up details.
                </Text>
              )}
            </>
          )}
          {form.errors[''] && (
            <Alert color="red" role="alert">
              {form.errors['']}
            </Alert>
          )}
          {how === 'card' && (
            <>
              <Select
                label="Brand"
                data={brandOptions}
                allowDeselect={false}
                {...form.getInputProps('brand')}
              />
              <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
                <TextInput label="Last four" inputMode="numeric" {...form.getInputProps('lastFour')} />
                <TextInput
                  label="Good until"
                  type="month"
                  placeholder="YYYY-MM"
                  {...form.getInputProps('expiry')}
                />
              </SimpleGrid>
            </>
          )}
          {how === 'ach' && (
            <>
              <TextInput label="Last four" inputMode="numeric" {...form.getInputProps('lastFour')} />
              <Checkbox label="Verified" {...form.getInputProps('verified', { type: 'checkbox' })} />
            </>
          )}
          {how === 'token' && (
            <TextInput
              label="Payment token"
              description="As tokenization returned it; each links once"
              {...form.getInputProps('token')}
            />
          )}
          <TextInput label="Label" placeholder="My Visa Card" {...form.getInputProps('label')} />
          <Checkbox label="Make it the default" {...form.getInputProps('isDefault', { type: 'checkbox' })} />
          <Checkbox
            label="Refuse it when the customer already has the same one"
            {...form.getInputProps('refuseDuplicate', { type: 'checkbox' })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy || isTokenizing}>
              Link
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

const fieldsOf: Record<string, string[]> = {
  card: ['brand', 'lastFour', 'expiry', 'label'],
  ach: ['lastFour', 'label'],
  token: ['token', 'label'],
};

async function tokenize(
  { how, brand, lastFour, expiry, verified }: Values,
  onProblems: (problems: readonly Problem[]) => void,
): Promise<string | null> {
  const [year = 0, month = 0] = expiry.split('-').map(Number);
  const input =
    how === 'card'
      ? { card: { brand, lastFour, expiry: { month, year } } }
      : { ach: { bankAccountType: 'CHECKING' as const, lastFour, verified } };
  try {
    const { data } = await client.mutate({ mutation: MakeSandboxTokenDocument, variables: { input } });
    const { token, userErrors } = data?.createSandboxPaymentToken ?? {};
    if (!token) onProblems(userErrors ?? []);
    return token ?? null;
  } catch (error) {
    notifyFailure('No token could be made', toFailure(error));
    return null;
  }
}
