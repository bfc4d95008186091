import {
  ActionIcon,
  Anchor,
  Button,
  Container,
  createTheme,
  Group,
  MantineProvider,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import type { ReactNode } from 'react';
import { client } from '../api/client';
import { signIn, useKey } from '../shared/session';
import { settings } from '../shared/settings';
import mark from './mark.svg';
import { SignIn } from './sign-in';
import './theme.css';

const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Button: { styles: { label: { fontWeight: 500 } } },
    // Locking the page's scrolling writes a style that the security policy refuses.
    Modal: { defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } } },
  },
});

/** The frame of every page: theme, messages, header, and the sign-in while there is no key. */
export function Shell({ page, children }: { page: 'customers' | 'explorer'; children: ReactNode }) {
  const key = useKey();
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => settings.nonce}>
      <Notifications position="bottom-right" containerWidth={360} />
      {key === null ? (
        <SignIn />
      ) : (
        <>
          <Header page={page} />
          {children}
        </>
      )}
    </MantineProvider>
  );
}

function Header({ page }: { page: 'customers' | 'explorer' }) {
  return (
    <Container size="xl" component="nav" aria-label="Main" py="sm" w="100%">
      <a className="skip-link" href="#main">
        Skip to the content
      </a>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" wrap="nowrap">
          <Anchor href="/dashboard" underline="never" c="inherit" aria-label="Customer Vault">
            <Group gap="xs" wrap="nowrap">
              <img src={mark} width={28} height={28} alt="" />
              <Text fw={700} visibleFrom="sm">
                Customer Vault
              </Text>
            </Group>
          </Anchor>
          <Group gap={4} wrap="nowrap">
            <a
              className="nav-link"
              href="/dashboard"
              aria-current={page === 'customers' ? 'page' : undefined}
            >
              Customers
            </a>
            <a
              className="nav-link"
              href="/dashboard/explorer"
              aria-current={page === 'explorer' ? 'page' : undefined}
            >
              Explorer
            </a>
          </Group>
        </Group>
        <Group gap="xs">
          <SchemeToggle />
          <Button size="xs" variant="default" onClick={signOut}>
            Sign out
          </Button>
        </Group>
      </Group>
    </Container>
  );
}

/** Leaves nothing of what was read in this tab. */
function signOut(): void {
  signIn(null);
  void client.clearStore();
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme();
  const next = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  return (
    <ActionIcon
      size={30}
      variant="default"
      aria-label={`Switch to ${next} colours`}
      onClick={() => setColorScheme(next)}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
      </svg>
    </ActionIcon>
  );
}
