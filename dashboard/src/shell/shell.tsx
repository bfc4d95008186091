import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Container,
  createTheme,
  Group,
  type MantineColorsTuple,
  MantineProvider,
  Modal,
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

/** Greys of the dark scheme, from text to page, with a little of the cards' blue. */
const dark: MantineColorsTuple = [
  '#d4d8e0',
  '#b9bfcb',
  '#8d94a3',
  '#767e8f',
  '#434a5c',
  '#353b4a',
  '#262b37',
  '#1c1f27',
  '#181b22',
  '#14161c',
];

const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  colors: { dark },
  components: {
    Alert: Alert.extend({
      styles: { title: { color: 'var(--mantine-color-text)' } },
      vars: (_theme, { color }) => ({ root: { '--alert-bg': `var(--vault-back-${color})` } }),
    }),
    Badge: Badge.extend({ defaultProps: { tt: 'none', fz: 12, lts: 0 } }),
    Button: Button.extend({
      styles: { label: { fontWeight: 500 } },
      // Small buttons speak as loud as the ones in rows.
      vars: (_theme, { size }) => ({ root: size === 'xs' ? { '--button-fz': '14px' } : {} }),
    }),
    // Locking the page's scrolling writes a style that the security policy refuses.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 600, lineHeight: 1.3 } },
    }),
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
      <Group justify="space-between" gap="xs" wrap="nowrap">
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
        <Group gap="xs" wrap="nowrap">
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
