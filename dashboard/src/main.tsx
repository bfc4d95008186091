import { ApolloProvider } from '@apollo/client/react';
import { Container } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Route, Router, Switch } from 'wouter';
import { client } from './api/client';
import { CustomerPage } from './customer/customer-page';
import { CustomersPage } from './customers/customers-page';
import { Empty } from './shared/states';
import { Shell } from './shell/shell';

function Dashboard() {
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
                  <Empty title="There is nothing at this address" />
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
