import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { toFailure } from '../api/failure';
import { RequestId } from '../api/notify';

/** What a view shows while it waits. */
export function Loading({ rows, height = 44 }: { rows: number; height?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars that are all alike.
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}

/** What a view shows when it could not be loaded. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const { message, requestId } = toFailure(error);
  return (
    <Alert color="red" variant="light" title="This could not be loaded" role="alert">
      <Text size="sm">{message}</Text>
      {requestId && <RequestId id={requestId} />}
      <Button mt="sm" size="xs" color="red" variant="outline" onClick={retry}>
        Try again
      </Button>
    </Alert>
  );
}

/** What a list shows when it is empty, with what can be done about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </Stack>
  );
}
