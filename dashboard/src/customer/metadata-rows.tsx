import { Button, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

/** One pair of the metadata while it is edited. */
export interface MetadataRow {
  readonly key: string;
  readonly value: string;
}

/**
 * What of the metadata was changed. The API merges it key by key: a key that is gone is sent as an empty string, which
 * removes it.
 */
export function toMetadataChange(
  before: Readonly<Record<string, string>>,
  rows: readonly MetadataRow[],
): Record<string, string> {
  const after = new Map(rows.map(({ key, value }) => [key, value]));
  const removed = Object.keys(before).filter((key) => !after.has(key));
  const changed = [...after].filter(([key, value]) => before[key] !== value);
  return Object.fromEntries([...removed.map((key): [string, string] => [key, '']), ...changed]);
}

/** Keys and values that the merchant keeps with the customer. */
export function MetadataRows({
  rows,
  error,
  change,
}: {
  rows: readonly MetadataRow[];
  error: ReactNode;
  change: (rows: MetadataRow[]) => void;
}) {
  const set = (at: number, part: Partial<MetadataRow>) =>
    change(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <Fieldset legend="Metadata" radius="md">
      <Stack gap="xs">
        {rows.map(({ key, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its key is being typed.
          <Group key={at} gap="xs" wrap="nowrap">
            <TextInput
              aria-label={`Key ${at + 1}`}
              value={key}
              onChange={(event) => set(at, { key: event.currentTarget.value })}
            />
            <TextInput
              aria-label={`Value ${at + 1}`}
              value={value}
              onChange={(event) => set(at, { value: event.currentTarget.value })}
            />
            <Button
              size="compact-sm"
              variant="subtle"
              flex="none"
              aria-label={`Remove ${key || `pair ${at + 1}`}`}
              onClick={() => change(rows.filter((_, index) => index !== at))}
            >
              Remove
            </Button>
          </Group>
        ))}
        {error && (
          <Text size="xs" c="var(--mantine-color-error)" role="alert">
            {error}
          </Text>
        )}
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => change([...rows, { key: '', value: '' }])}
          >
            Add a pair
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
