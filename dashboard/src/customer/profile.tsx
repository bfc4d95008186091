import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { UpdateCustomerDocument } from '../generated/graphql';
import { Section } from '../shared/section';
import { toFormErrors } from '../shared/user-errors';
import { useChanges } from './changes';
import { type MetadataRow, MetadataRows, toMetadataChange } from './metadata-rows';
import { withProfile } from './optimistic';

/** Who the customer is, edited in place. */
export function Profile() {
  const { customer } = useChanges();
  const [mode, setMode] = useState<'shown' | 'edited' | 'shown again'>('shown');
  if (mode === 'edited') return <ProfileForm close={() => setMode('shown again')} />;
  const facts = [
    ['E-mail', customer.email],
    ['Phone', customer.phone],
    ['Reference', customer.reference],
    ...Object.entries(customer.metadata ?? {}),
  ];
  return (
    <Section
      title="Profile"
      action={
        <Button
          size="xs"
          variant="default"
          autoFocus={mode === 'shown again'}
          onClick={() => setMode('edited')}
        >
          Edit profile
        </Button>
      }
    >
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>
              {value || (
                <Text span inherit c="dimmed">
                  —
                </Text>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

interface Values {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly reference: string;
  readonly metadata: MetadataRow[];
}

function ProfileForm({ close }: { close: () => void }) {
  const { customer, isBusy, apply } = useChanges();
  // What the person sees while writing: a change of somebody else's since then must not be overwritten unseen.
  const [base] = useState(customer);
  const form = useForm<Values>({
    initialValues: {
      name: base.name ?? '',
      email: base.email ?? '',
      phone: base.phone ?? '',
      reference: base.reference ?? '',
      metadata: Object.entries(base.metadata ?? {}).map(([key, value]) => ({ key, value })),
    },
  });

  function submit({ name, email, phone, reference, metadata }: Values) {
    const written = { name, email: email || null, phone: phone || null, reference: reference || null };
    // Only what was changed is sent: done again after a conflict, it leaves the rest as somebody else left it.
    const profile = Object.fromEntries(
      Object.entries(written).filter(([field, value]) => value !== base[field as keyof typeof written]),
    );
    const metadataChange = toMetadataChange(base.metadata ?? {}, metadata);
    void apply({
      mutation: UpdateCustomerDocument,
      input: { id: base.id, ...profile, metadata: metadataChange },
      base,
      optimistic: (view) => withProfile(view, profile),
      done: 'The profile has been saved.',
      onDone: close,
      onProblems: (problems) => form.setErrors(toFormErrors(problems, Object.keys(form.values))),
    });
  }

  return (
    <Section title="Profile">
      <form onSubmit={form.onSubmit(submit)}>
        <Stack gap="sm">
          {form.errors[''] && (
            <Alert color="red" role="alert">
              {form.errors['']}
            </Alert>
          )}
          <TextInput label="Name" withAsterisk data-autofocus autoFocus {...form.getInputProps('name')} />
          <TextInput label="E-mail" inputMode="email" {...form.getInputProps('email')} />
          <TextInput label="Phone" inputMode="tel" {...form.getInputProps('phone')} />
          <TextInput label="Reference" {...form.getInputProps('reference')} />
          <MetadataRows
            rows={form.values.metadata}
            error={form.errors['metadata']}
            change={(rows) => form.setFieldValue('metadata', rows)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              Save profile
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
