import { ApolloProvider } from '@apollo/client/react';
import { Container } from '@mantine/core';
import { StrictMode, useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { Route, Router, Switch, useLocation } from 'wouter';
import { client } from './api/client';
import { CustomerPage } from './customer/customer-page';
import { CustomersPage } from './customers/customers-page';
import { NothingHere } from './shared/states';
import { Shell } from './shell/shell';

/** A page that was left takes the keyboard with it; it goes on at the new page's content. */
function useKeyboardOnNewPage() {
  const [path] = useLocation();
  const shown = useRef(path);
  useEffect(() => {
    if (path === shown.current) return;
    shown.current = path;
    if (document.activeElement === document.body) {
      document.getElementById('main')?.focus({ preventScroll: true });
    }
  }, [path]);
}

function Dashboard() {
  useKeyboardOnNewPage();
  return (
    <StrictMode>
      <ApolloProvider client={client}>
        <Shell page="customers">
          <Container size="xl" component="main" id="main" pb={64} tabIndex={-1}>
            <Router base="/dashboard">
              <Switch>
                <Route path="/" component={CustomersPage} />
                <Route path="/customers/:id">{({ id }) => <CustomerPage key={id} id={id} />}</Route>
                <Route>
                  <NothingHere title="There is nothing at this address" />
                </Route>
              </Switch>
            </Router>
          </Container>
        </Shell>
      </ApolloProvider>
    </StrictMode>
  );
}

const root = document.getElementById('root');
if (root) createRoot(root).render(<Dashboard />);
