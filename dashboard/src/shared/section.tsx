import { Group, Paper, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of the page with a heading and what can be done there. */
export function Section({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper className="card" component="section" aria-label={title} withBorder radius="lg" p="lg">
      <Group justify="space-between" mb="md" mih={30}>
        <Title order={2} size="h4" tabIndex={-1}>
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </Paper>
  );
}
